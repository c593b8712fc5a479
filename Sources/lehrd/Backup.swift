import ArgumentParser
import Foundation

/// Copies a data folder while its server runs.
struct Backup: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Copies a data folder as it stands, while its server runs or not.",
        discussion: """
            lehrd backup --data /var/lib/lehr /mnt/backup/monday
            lehrd serve --data /mnt/backup/monday            a server on the copy

            The copy holds every job that was accepted before the command began, all of one moment:
            the database, the checkpoints and models that its jobs need, and uploaded datasets. It is
            a data folder itself; to restore it, start a server on it or move it into place. Jobs that
            ran go on from their last checkpoint there. The token file is not part of it.

            Exit status: 0; 1 where there is no copy; 3 where there is one, but the data folder itself
            lacks files that its jobs need, which standard error lists.
            """
    )

    @Option(help: "The data folder of the server.")
    var data = "lehr-data"

    @Argument(help: "The folder to make; it must not be there.")
    var target: String

    func run() throws {
        let summary = try FolderBackup(of: data, at: target).make()
        let size = ByteCountFormatter.string(
            fromByteCount: Int64(summary.bytes),
            countStyle: .binary
        )
        print("\(target): \(summary.jobs) jobs, \(summary.files) files of \(size)")
        guard !summary.missing.isEmpty else { return }
        let names = summary.missing.map { "missing: \($0)\n" }.joined()
        FileHandle.standardError.write(Data(names.utf8))
        throw ExitCode(3)
    }
}
