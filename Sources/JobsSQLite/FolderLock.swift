import Foundation
import Jobs

/// The right to be the one server of a data folder, held until it is released or the process ends.
struct FolderLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock of a folder that exists.
    ///
    /// The lock is the kernel's, on an open file: it cannot be left behind by a process that dies,
    /// and is not inherited by children, which must not keep a dead server's folder locked.
    init(folder: String) throws(JobStoreError) {
        let path = folder + "/jobs.lock"
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .cannotOpen("cannot write to the data folder \(folder): \(lastSystemError())")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let reason = errno
            defer { Foundation.close(descriptor) }
            guard reason == EWOULDBLOCK else {
                throw .cannotOpen("cannot lock the data folder \(folder): \(lastSystemError())")
            }
            let holder = FolderLock.holder(descriptor).map { " (process \($0))" } ?? ""
            throw JobStoreError(
                code: .locked,
                operation: "open",
                detail: "the data folder \(folder) is in use by another server\(holder)"
            )
        }
        self.descriptor = descriptor
        let holder = Array("\(getpid())\n".utf8)
        // What is written only words the refusal of a second server, so that a failure is no harm.
        _ = ftruncate(descriptor, 0)
        _ = pwrite(descriptor, holder, holder.count, 0)
    }

    /// Lets another server have the folder.
    func release() {
        Foundation.close(descriptor)
    }

    /// The process that holds the lock, as far as it is known.
    private static func holder(_ descriptor: Int32) -> Int? {
        var digits = [UInt8](repeating: 0, count: 20)
        let count = pread(descriptor, &digits, digits.count, 0)
        guard count > 0 else { return nil }
        return Int(String(decoding: digits.prefix(while: { $0 != 10 && $0 != 0 }), as: UTF8.self))
    }
}

/// What the system says about the call that failed last.
func lastSystemError() -> String {
    String(cString: strerror(errno))
}

/// Makes a folder that only this user can enter, and what is missing above it.
func makeFolder(_ folder: String) throws(JobStoreError) {
    guard !FileManager.default.fileExists(atPath: folder) else { return }
    do {
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
    } catch {
        let system = (error as? CocoaError)?.underlying as? POSIXError
        let reason = system.map { String(cString: strerror($0.code.rawValue)) }
        throw .cannotOpen(
            "cannot make the data folder \(folder): \(reason ?? error.localizedDescription)"
        )
    }
    try synchronize(folder: folder + "/..")
}

/// Makes the bytes of a file durable.
func synchronize(file: String) throws(JobStoreError) {
    let descriptor = open(file, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
        throw .cannotOpen("cannot open the file \(file): \(lastSystemError())")
    }
    defer { Foundation.close(descriptor) }
    guard fsync(descriptor) == 0 else {
        throw .cannotOpen("cannot write the file \(file) to disk: \(lastSystemError())")
    }
}

/// Makes the entries of a folder as durable as their files.
func synchronize(folder: String) throws(JobStoreError) {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else {
        throw .cannotOpen("cannot open the folder \(folder): \(lastSystemError())")
    }
    defer { Foundation.close(descriptor) }
    guard fsync(descriptor) == 0 else {
        throw .cannotOpen("cannot write the folder \(folder) to disk: \(lastSystemError())")
    }
}
