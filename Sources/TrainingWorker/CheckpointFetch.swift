internal import Crypto
internal import Foundation
internal import TrainingAPI
internal import TrainingClient

/// A checkpoint on its way from the server to a file of this worker.
struct CheckpointFetch {
    /// Why a checkpoint could not be had.
    enum Failure: Error {
        /// The server refused, or could not be reached.
        case client(ClientError)
        /// What came is not what was stored.
        case damaged(String)
        /// The file cannot be written.
        case file(String)
    }

    /// Where the file is put.
    let path: String

    /// Makes the fetch into a file of its own below `folder`.
    init(folder: String) {
        path = folder + "/checkpoint-\(Token.random()).partial"
    }

    /// Fetches the checkpoint of a leased job and compares it with its hash.
    ///
    /// - Parameters:
    ///   - checkpoint: What the lease says of it.
    ///   - job: The leased job.
    ///   - client: The server.
    /// - Throws: `Failure`.
    func run(
        _ checkpoint: CheckpointBody,
        of job: LeasedJob,
        _ client: LehrClient
    ) async throws(Failure) {
        let folder = URL(filePath: path).deletingLastPathComponent().path
        let descriptor: Int32
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true
            )
        } catch {
            throw .file("cannot make \(folder): \(error.localizedDescription)")
        }
        descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .file(Self.reason("open", path)) }
        defer { close(descriptor) }
        var hash = SHA256()
        var size = 0
        do {
            let body = try await client.checkpoint(
                at: checkpoint.step,
                lease: job.leaseID,
                fence: job.fence
            )
            for try await piece in body {
                hash.update(data: piece)
                size += piece.count
                try Self.write(piece, to: descriptor, path)
            }
        } catch let error as ClientError {
            throw .client(error)
        } catch {
            throw error as? Failure ?? .file("\(error)")
        }
        let found = hash.finalize().map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
        guard found == checkpoint.hash, size == checkpoint.size else {
            throw .damaged(
                "the checkpoint of step \(checkpoint.step) came with \(size) bytes and the hash"
                    + " \(found), not \(checkpoint.size) bytes and \(checkpoint.hash)"
            )
        }
    }

    /// Removes the file, whether it is there or not.
    func remove() {
        unlink(path)
    }

    private static func write(
        _ bytes: [UInt8],
        to descriptor: Int32,
        _ path: String
    ) throws(Failure) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .file(reason("write", path)) }
            done += count
        }
    }

    private static func reason(_ operation: String, _ path: String) -> String {
        "cannot \(operation) \(path): \(String(cString: strerror(errno)))"
    }
}
