internal import Glibc

/// What a file store asks of the system, so that tests can let it fail.
///
/// Each answers 0, or the error's number.
struct FileOperations: Sendable {
    /// Makes an open file's bytes, or a folder's entries, durable.
    var synchronize: @Sendable (_ descriptor: Int32) -> Int32 = { fsync($0) == 0 ? 0 : errno }
    /// Gives a file another name, in place of what had that name.
    var rename: @Sendable (_ from: String, _ to: String) -> Int32 = {
        Glibc.rename($0, $1) == 0 ? 0 : errno
    }
    /// How many bytes are free on a folder's file system; nil where the system does not say.
    var freeBytes: @Sendable (_ folder: String) -> Int? = { folder in
        var status = statvfs()
        guard statvfs(folder, &status) == 0 else { return nil }
        return Int(clamping: UInt64(status.f_bavail) &* UInt64(status.f_frsize))
    }
    /// Takes a file's name away.
    var remove: @Sendable (_ path: String) -> Int32 = { unlink($0) == 0 ? 0 : errno }
}
