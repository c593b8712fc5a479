import Foundation
import Glibc

/// A request's body in a file, as it came, without its framing.
///
/// The file is gone when this is let go, unless ``move(to:)`` gave it another name.
///
/// `@unchecked`: written by one thread at a time, and no more once a handler has it.
public final class BodyFile: @unchecked Sendable {
    /// Where the body lies.
    public let path: String
    /// The length of the body in bytes.
    public private(set) var byteCount = 0

    /// What marks a body's file, so that a server can clear away what an earlier one left.
    static let suffix = ".upload"
    /// How many bytes are written between two looks at the free space.
    private static let spaceInterval = 64 * 1_024 * 1_024

    private let descriptor: Int32
    private let reservedBytes: Int
    private var uncheckedBytes = 0

    /// Makes an empty file in `folder`.
    ///
    /// - Parameters:
    ///   - folder: A folder on the file system that is to hold the body.
    ///   - name: A name that no other body has.
    ///   - length: The body's length in bytes, where it is known.
    ///   - reservedBytes: What must stay free on the file system.
    /// - Throws: What to answer.
    init(folder: String, name: String, length: Int?, reservedBytes: Int) throws(RequestFault) {
        path = "\(folder)/\(name)\(Self.suffix)"
        self.reservedBytes = reservedBytes
        descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.fault("open", errno) }
        try checkSpace(for: length ?? 0)
    }

    deinit {
        close(descriptor)
        // Under another name by now, or no longer wanted.
        unlink(path)
    }

    /// Makes the body durable under the name `path`, in place of what had that name.
    ///
    /// `path` must be on the file system of the body's folder. When this returns, the file survives
    /// a loss of power; it belongs to the caller then, and ``path`` is no longer its name.
    public func move(to path: String) throws(HTTPServerError) {
        guard fsync(descriptor) == 0 else { throw .system(operation: "fsync", errno: errno) }
        guard rename(self.path, path) == 0 else {
            throw .system(operation: "rename", errno: errno)
        }
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let directory = open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw .system(operation: "open", errno: errno) }
        defer { close(directory) }
        guard fsync(directory) == 0 else { throw .system(operation: "fsync", errno: errno) }
    }

    /// Appends a piece; blocks.
    func append(_ piece: [UInt8]) throws(RequestFault) {
        var done = 0
        while done < piece.count {
            let written = piece.withUnsafeBytes {
                write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done)
            }
            if written < 0, errno == EINTR { continue }
            guard written >= 0 else { throw Self.fault("write", errno) }
            done += written
        }
        byteCount += piece.count
        uncheckedBytes += piece.count
        guard uncheckedBytes >= Self.spaceInterval else { return }
        uncheckedBytes = 0
        try checkSpace(for: 0)
    }

    private func checkSpace(for bytes: Int) throws(RequestFault) {
        var status = statvfs()
        // Where the system does not tell, a write that fails will.
        guard fstatvfs(descriptor, &status) == 0 else { return }
        let (free, isHuge) = Int(status.f_bavail).multipliedReportingOverflow(
            by: Int(status.f_frsize)
        )
        guard isHuge || free - bytes >= reservedBytes else {
            throw RequestFault(
                507,
                "the disk is nearly full: \(free) bytes are free, and \(reservedBytes) must stay so"
            )
        }
    }

    /// What a failed system call means for the request.
    static func fault(_ operation: String, _ code: Int32) -> RequestFault {
        let reason = String(cString: strerror(code))
        switch code {
        case ENOSPC, EDQUOT, EFBIG:
            return RequestFault(507, "the body cannot be stored: \(reason)")
        default:
            return RequestFault(
                .internalServerError,
                "the body cannot be stored: \(operation) failed: \(reason)"
            )
        }
    }
}

extension BodyFile {
    /// Makes `folder` where it is missing, and clears away the bodies that an earlier server left.
    static func prepare(_ folder: String) throws(HTTPServerError) {
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true
            )
        } catch {
            throw .system(operation: "mkdir \(folder)", errno: errno)
        }
        guard let listing = opendir(folder) else {
            throw .system(operation: "opendir \(folder)", errno: errno)
        }
        defer { closedir(listing) }
        while let entry = readdir(listing) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            // One that stays does no harm but take space.
            if name.hasSuffix(suffix) { unlink("\(folder)/\(name)") }
        }
    }
}
