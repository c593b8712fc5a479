import Glibc

/// A file that appears under its name whole and durable, or not at all.
///
/// It is written under a name of its own beside the final one, so that processes which write the
/// same file at once do not meet. What a process leaves there that is killed is a ``PartialFile``.
final class AtomicFile {
    private let path: String
    private let temporaryPath: String
    private let descriptor: Int32

    /// Where the file lies until it has its name.
    var partialPath: String { temporaryPath }

    /// Opens a temporary file beside `path`.
    init(path: String) throws(DatasetError) {
        self.path = path
        let suffix = UInt64.random(in: .min ... .max)
        temporaryPath = "\(path).\(String(suffix, radix: 36)).partial"
        descriptor = try PartialFile.create(temporaryPath, permissions: 0o644)
    }

    /// Whether the name for the time of writing belongs to a file of this kind.
    static func isPartial(_ name: String) -> Bool {
        name.hasSuffix(".partial") && name.contains(".rows.")
    }

    deinit {
        // Gone already after `commit`; what remains of a failed write is not wanted.
        unlink(temporaryPath)
        close(descriptor)
    }

    /// Appends all of `bytes`.
    func write(_ bytes: [UInt8]) throws(DatasetError) {
        var done = 0
        while done < bytes.count {
            let written = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done)
            }
            if written < 0, errno == EINTR { continue }
            guard written >= 0 else { throw .system("write", temporaryPath) }
            done += written
        }
    }

    /// Makes the file durable and gives it its name, in place of what had that name.
    func commit() throws(DatasetError) {
        guard fsync(descriptor) == 0 else { throw .system("flush", temporaryPath) }
        guard rename(temporaryPath, path) == 0 else { throw .system("rename", temporaryPath) }
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let directory = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw .system("open", folder) }
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw .system("flush", folder) }
    }
}
