import Foundation

/// A file that is being written under a name of its own, and locked for as long as its writer lives.
///
/// The system lets go of the lock (`flock`) with the writer's descriptor, however the writer ends: a file
/// whose lock is free was left behind. Where a file system knows no such locks, nothing is removed.
package enum PartialFile {
    /// Creates a file and locks it until its descriptor is closed.
    ///
    /// - Parameters:
    ///   - path: The file, of a name that nobody else writes under.
    ///   - permissions: The file's mode.
    /// - Returns: The descriptor, for writing; the caller closes it.
    /// - Throws: `DatasetError.refused`.
    package static func create(
        _ path: String,
        permissions: UInt32
    ) throws(DatasetError) -> Int32 {
        while true {
            let descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, permissions)
            guard descriptor >= 0 else { throw .system("create", path) }
            while flock(descriptor, LOCK_EX) < 0, errno == EINTR {}
            var status = stat()
            guard fstat(descriptor, &status) == 0, status.st_nlink == 0 else { return descriptor }
            // Taken for one that was left behind, between its creation and its lock.
            close(descriptor)
        }
    }

    /// Removes files whose writers have ended without giving them their names.
    ///
    /// - Parameters:
    ///   - folder: The folder; nothing happens where it is not there.
    ///   - isPartial: Whether files of a name are written by ``create(_:permissions:)``.
    ///   - prepare: What goes before the removal of a file, while its lock is held; whether it is removed.
    /// - Returns: How many were removed.
    @discardableResult
    package static func removeAbandoned(
        in folder: String,
        where isPartial: (_ name: String) -> Bool,
        after prepare: (_ path: String) -> Bool = { _ in true }
    ) -> Int {
        // A folder that is not there, or cannot be read, holds nothing that could be removed.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.count { isPartial($0) && remove("\(folder)/\($0)", after: prepare) }
    }

    /// Removes a file unless its writer lives; whether it did.
    private static func remove(_ path: String, after prepare: (_ path: String) -> Bool) -> Bool {
        // NFS locks for writing what is open for writing alone.
        let descriptor = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            flock(descriptor, LOCK_EX | LOCK_NB) == 0, prepare(path)
        else { return false }
        return unlink(path) == 0
    }
}
