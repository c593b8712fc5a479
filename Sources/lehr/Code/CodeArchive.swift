import Foundation

/// The code of a command as an archive: one that is there, or a folder that is packed for it.
///
/// The same files give the same bytes, whenever and by whomever they are packed.
final class CodeArchive {
    /// Code that cannot be packed.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// What is left out wherever it stands: what other tools keep beside the code.
    static let leftOut: Set<String> = [
        ".git", ".hg", ".svn", ".venv", "venv", "__pycache__", ".mypy_cache", ".pytest_cache",
        ".ruff_cache", "node_modules", ".DS_Store",
    ]

    /// The archive's file.
    let path: String
    private let isOurs: Bool

    /// Takes an archive, or packs a folder.
    ///
    /// - Throws: `Failure`.
    init(_ source: String) throws(Failure) {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: source, isDirectory: &isFolder) else {
            throw Failure(description: "--code \(source): there is no such folder or archive")
        }
        guard isFolder.boolValue else {
            path = source
            isOurs = false
            return
        }
        path = NSTemporaryDirectory() + "lehr-code-\(UUID().uuidString).tar.gz"
        isOurs = true
        let writer = try TarGzipWriter(path)
        try Self.add(source, as: "", to: writer)
        try writer.finish()
    }

    deinit {
        if isOurs { unlink(path) }
    }

    /// Adds what is in a folder, in the order of the names.
    private static func add(
        _ folder: String,
        as prefix: String,
        to writer: TarGzipWriter
    ) throws(Failure) {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            throw Failure(description: "\(folder) cannot be read: \(error.localizedDescription)")
        }
        for name in names.sorted() where !leftOut.contains(name) {
            let (file, path) = ("\(folder)/\(name)", prefix + name)
            var facts = stat()
            guard lstat(file, &facts) == 0 else {
                throw Failure(description: "\(file): \(String(cString: strerror(errno)))")
            }
            switch facts.st_mode & S_IFMT {
            case S_IFDIR:
                try writer.addFolder(path)
                try add(file, as: path + "/", to: writer)
            case S_IFREG: try writer.addFile(path, from: file)
            case S_IFLNK: try writer.addLink(path, at: file)
            default:
                throw Failure(
                    description: "\(file) is no file, folder or link, and cannot be packed"
                )
            }
        }
    }
}
