import Glibc

/// A file's bytes, mapped read-only and shared with every process that maps it.
final class MappedFile: Sendable {
    /// `nonisolated(unsafe)`: the mapping is read-only and lives as long as this object.
    nonisolated(unsafe) let bytes: UnsafeRawBufferPointer

    /// Maps the file at `path`; nil where there is none.
    init?(path: String) throws(DatasetError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        if descriptor < 0, errno == ENOENT { return nil }
        guard descriptor >= 0 else { throw .system("open", path) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw .system("inspect", path) }
        let count = Int(status.st_size)
        guard count > 0 else { throw .malformed(path: path, detail: "the file is empty") }
        // Every row will be read, in random order: one page fault each would take longer.
        let flags = MAP_SHARED | MAP_POPULATE
        guard let start = mmap(nil, count, PROT_READ, flags, descriptor, 0),
            start != MAP_FAILED
        else { throw .system("map", path) }
        bytes = UnsafeRawBufferPointer(start: start, count: count)
    }

    /// The size of the file at `path` in bytes; nil where there is none.
    static func size(ofFile path: String) throws(DatasetError) -> Int? {
        var status = stat()
        guard stat(path, &status) == 0 else {
            guard errno == ENOENT else { throw .system("inspect", path) }
            return nil
        }
        return Int(status.st_size)
    }

    deinit {
        munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
    }
}

extension DatasetError {
    /// What `errno` says of an operation on a file.
    static func system(_ operation: String, _ path: String) -> DatasetError {
        .refused(operation: operation, path: path, detail: String(cString: strerror(errno)))
    }
}
