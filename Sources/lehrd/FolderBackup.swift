import Foundation
import Glibc
import Jobs
import JobsSQLite

/// A copy of a data folder as it stood at one moment, made while a server may run on it.
///
/// The database is copied in one read. Files never change under their names, but come and go: so each is
/// first given a second name, by a hard link in a folder of its own, which keeps its bytes whatever the
/// server removes. What came between is linked after the database was copied; where something of it has
/// gone again by then, the database is copied anew. Only then are the bytes copied, which may take long.
struct FolderBackup {
    /// What was copied.
    struct Summary {
        var jobs = 0
        var files = 0
        var bytes = 0
        /// The files that jobs need and that the data folder itself does not have.
        var missing: [String] = []
    }

    /// Why there is no backup.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// How often the database is copied before a file that is not there counts as missing.
    private static let tries = 10
    private static let pinPrefix = "backup-"

    private let source: DataFolder
    private let target: DataFolder
    /// The copy until it is whole.
    private let draft: DataFolder
    /// The folder of second names.
    private let pins: DataFolder

    /// A copy of `source` at `target`, which must not be there.
    init(of source: String, at target: String) {
        self.source = DataFolder(path: source)
        self.target = DataFolder(path: target)
        draft = DataFolder(path: target + ".partial")
        pins = DataFolder(path: "\(source)/\(Self.pinPrefix)\(getpid())")
    }

    /// Makes the copy; when this returns it is whole and durable, and a server can be started on it.
    func make() throws -> Summary {
        guard !FileManager.default.fileExists(atPath: target.path) else {
            throw Failure(description: "\(target.path) is there already; name a folder that is not")
        }
        guard FileManager.default.fileExists(atPath: source.database) else {
            throw Failure(description: "there is no store in the data folder \(source.path)")
        }
        removeOldPins()
        // What is left of a copy that was ended before its end; where there is none, nothing is.
        try? FileManager.default.removeItem(atPath: draft.path)
        for folder in [pins.files, pins.datasets, draft.files, draft.datasets] {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        }
        // Where they stay, the next backup removes them.
        defer { try? FileManager.default.removeItem(atPath: pins.path) }
        try pin()
        var (store, missing) = try snapshot()
        for _ in 1..<Self.tries where !missing.isEmpty { (store, missing) = try snapshot() }
        var summary = Summary(jobs: store.jobs)
        summary.missing = missing.sorted()
        for name in names(in: pins.datasets) {
            try copy(name, from: pins.datasets, to: draft.datasets, &summary)
        }
        for file in store.files where !missing.contains(file) {
            try copy(file, from: pins.files, to: draft.files, &summary)
        }
        for folder in [draft.files, draft.datasets, draft.path] { try synchronize(folder) }
        guard rename(draft.path, target.path) == 0 else { throw Self.failure("name", target.path) }
        try synchronize(target.path + "/..")
        return summary
    }

    // MARK: - Parts

    /// Copies the database, and says which files it needs that have no second name.
    private func snapshot() throws -> (SQLiteBackup, missing: Set<String>) {
        // At the first try there is none.
        try? FileManager.default.removeItem(atPath: draft.database)
        let store = try SQLiteBackup(of: source.path, to: draft.database)
        try pin()
        let pinned = Set(names(in: pins.files))
        return (store, store.files.subtracting(pinned))
    }

    /// Gives every file a second name that has none yet.
    private func pin() throws {
        for (folder, place) in [(source.files, pins.files), (source.datasets, pins.datasets)] {
            for name in names(in: folder) where isWhole(name) {
                guard link("\(folder)/\(name)", "\(place)/\(name)") != 0 else { continue }
                // It has a second name already, or has just gone.
                guard errno == EEXIST || errno == ENOENT else {
                    throw Self.failure("link", "\(folder)/\(name)")
                }
            }
        }
    }

    /// Whether a name is that of a file whose bytes are all there.
    private func isWhole(_ name: String) -> Bool {
        name.hasSuffix(".rows") || name.utf8.count == 64 && name.allSatisfy(\.isHexDigit)
    }

    private func names(in folder: String) -> [String] {
        // A folder that is not there holds nothing.
        ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
    }

    private func copy(
        _ name: String,
        from folder: String,
        to place: String,
        _ summary: inout Summary
    ) throws {
        let path = "\(place)/\(name)"
        try FileManager.default.copyItem(atPath: "\(folder)/\(name)", toPath: path)
        summary.bytes += Int(try synchronize(path).st_size)
        summary.files += 1
    }

    /// Makes a file's bytes or a folder's entries durable.
    @discardableResult
    private func synchronize(_ path: String) throws -> stat {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw Self.failure("open", path) }
        defer { close(descriptor) }
        var status = stat()
        guard fsync(descriptor) == 0, fstat(descriptor, &status) == 0 else {
            throw Self.failure("flush", path)
        }
        return status
    }

    /// Removes what backups have left that were ended before their end.
    private func removeOldPins() {
        for name in names(in: source.path) where name.hasPrefix(Self.pinPrefix) {
            guard let process = pid_t(name.dropFirst(Self.pinPrefix.count)),
                kill(process, 0) != 0, errno == ESRCH
            else { continue }
            // One that cannot be removed holds room, and is tried again by the next backup.
            try? FileManager.default.removeItem(atPath: "\(source.path)/\(name)")
        }
    }

    private static func failure(_ operation: String, _ path: String) -> Failure {
        Failure(description: "cannot \(operation) \(path): \(String(cString: strerror(errno)))")
    }
}
