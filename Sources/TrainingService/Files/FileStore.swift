internal import Crypto
internal import Foundation
internal import Jobs
internal import Synchronization

/// The files that jobs need, each under the SHA-256 of its bytes.
///
/// A file that has its name is whole and durable. What a file is needed for stands in the job store; a
/// file without a row there is rubbish, of a crash between the two or of a job that was removed, and is
/// swept away. While a file waits for its row it is *pinned*, which keeps the sweeper off.
final class FileStore: Sendable {
    /// The folder of the files.
    let folder: String
    /// The folder for bytes that have no name yet, on the same file system.
    let incoming: String
    private let operations: FileOperations
    /// How often each hash is pinned.
    ///
    /// Whoever removes a file holds the lock from the question whether it
    /// is needed until it is gone.
    private let pins = Mutex<[String: Int]>([:])

    /// Makes the store of a folder; ``prepare()`` makes the folder.
    init(folder: String, operations: FileOperations = FileOperations()) {
        self.folder = folder
        incoming = folder + "/incoming"
        self.operations = operations
    }

    /// Makes the folders.
    ///
    /// - Throws: `FileStoreError`.
    func prepare() throws(FileStoreError) {
        for path in [folder, incoming] {
            do {
                try FileManager.default.createDirectory(
                    atPath: path,
                    withIntermediateDirectories: true,
                    attributes: [.posixPermissions: 0o700]
                )
            } catch {
                throw FileStoreError(path: path, operation: "made", code: EIO)
            }
        }
    }

    /// Where the bytes of a file lie.
    func path(of file: StoredFile) -> String {
        "\(folder)/\(file.hash)"
    }

    /// How many bytes are free where the files lie; nil where the system does not say.
    var freeBytes: Int? { operations.freeBytes(folder) }

    // MARK: - Taking in

    /// Takes over bytes that lie whole at `path`, and pins them while `commit` notes who needs them.
    ///
    /// Either the file is durable under its hash before `commit` is called, or nothing has changed. The
    /// bytes that another job has under the same hash are replaced by the same bytes.
    ///
    /// - Parameters:
    ///   - path: A file in ``incoming``.
    ///   - commit: Notes the file.
    /// - Returns: What `commit` returns.
    /// - Throws: `FileStoreError`, or what `commit` throws.
    func take<Result>(
        _ path: String,
        _ commit: (StoredFile) throws -> Result
    ) throws -> Result {
        let file = try Self.digest(of: path)
        pins.withLock { $0[file.hash, default: 0] += 1 }
        defer {
            pins.withLock { pins in
                let rest = (pins[file.hash] ?? 1) - 1
                pins[file.hash] = rest == 0 ? nil : rest
            }
        }
        try synchronize(path, flags: O_RDONLY)
        let target = self.path(of: file)
        let code = operations.rename(path, target)
        guard code == 0 else {
            throw FileStoreError(path: target, operation: "named", code: code)
        }
        try synchronize(folder, flags: O_RDONLY | O_DIRECTORY)
        return try commit(file)
    }

    private func synchronize(_ path: String, flags: Int32) throws(FileStoreError) {
        let descriptor = open(path, flags | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw FileStoreError(path: path, operation: "opened", code: errno)
        }
        defer { close(descriptor) }
        let code = operations.synchronize(descriptor)
        guard code == 0 else {
            throw FileStoreError(path: path, operation: "written to disk", code: code)
        }
    }

    // MARK: - Checking

    /// Whether a file is there with the bytes that its hash says.
    func isIntact(_ file: StoredFile) -> Bool {
        // What cannot be read is not intact.
        (try? Self.digest(of: path(of: file))) == file
    }

    /// The hash and the length of a file.
    private static func digest(of path: String) throws(FileStoreError) -> StoredFile {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw FileStoreError(path: path, operation: "opened", code: errno)
        }
        defer { close(descriptor) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 4_096)
        defer { buffer.deallocate() }
        var hash = SHA256()
        var size = 0
        while true {
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else {
                throw FileStoreError(path: path, operation: "read", code: errno)
            }
            guard count > 0 else { break }
            hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            size += count
        }
        return StoredFile(hash: Digest.hexadecimal(hash.finalize()), size: size)
    }

    // MARK: - Removing

    /// Removes those of some files that nobody needs.
    ///
    /// - Parameters:
    ///   - hashes: The files.
    ///   - needed: Those of some hashes that a job needs.
    /// - Returns: How many were removed.
    /// - Throws: What `needed` throws; nothing is removed then.
    @discardableResult
    func remove(
        _ hashes: Set<String>,
        unless needed: (Set<String>) throws -> Set<String>
    ) throws -> Int {
        guard !hashes.isEmpty else { return 0 }
        return try pins.withLock { pins in
            let stays = try needed(hashes).union(pins.keys)
            // One that cannot be removed does no harm, and is tried again at the next start.
            return hashes.subtracting(stays).count { operations.remove("\(folder)/\($0)") == 0 }
        }
    }

    /// Removes every file that nobody needs, some hundreds at a time.
    ///
    /// - Parameter needed: Those of some hashes that a job needs.
    /// - Returns: How many were removed.
    /// - Throws: What `needed` throws.
    func sweep(unless needed: (Set<String>) throws -> Set<String>) throws -> Int {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        let hashes = names.filter { $0.utf8.count == 64 && $0.allSatisfy(\.isHexDigit) }
        var removed = 0
        for start in stride(from: 0, to: hashes.count, by: 256) {
            let batch = hashes[start..<min(hashes.count, start + 256)]
            removed += try remove(Set(batch), unless: needed)
        }
        return removed
    }
}

/// Why bytes could not be kept.
struct FileStoreError: Error, Hashable, CustomStringConvertible {
    /// The file or folder.
    let path: String
    /// What could not be done to it: `written to disk`.
    let operation: String
    /// The system's error.
    let code: Int32

    /// Whether room on the disk would help.
    var isNoSpace: Bool { [ENOSPC, EDQUOT, EFBIG].contains(code) }

    /// The sentence.
    var description: String {
        "\(path) cannot be \(operation): \(String(cString: strerror(code)))"
    }
}
