internal import Crypto
internal import Foundation
internal import TrainingClient

/// Bytes on their way from the server to a file of this worker.
struct FileFetch {
    /// Why bytes could not be had.
    enum Failure: Error {
        /// The server refused, or could not be reached.
        case client(ClientError)
        /// The file cannot be written.
        case file(String)
    }

    /// What has come.
    struct Content {
        /// The SHA-256 of the bytes, in hexadecimal.
        let hash: String
        /// How many they are.
        let size: Int
    }

    /// Where the file is put; its folder is made.
    let path: String

    /// Writes what the server sends, in place of what is there.
    ///
    /// - Parameter body: Asks the server.
    /// - Returns: What has come.
    /// - Throws: `Failure`.
    func run(
        _ body: () async throws(ClientError) -> ResponseBody
    ) async throws(Failure) -> Content {
        let folder = URL(filePath: path).deletingLastPathComponent().path
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true
            )
        } catch {
            throw .file("cannot make \(folder): \(error.localizedDescription)")
        }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .file(reason("open")) }
        defer { close(descriptor) }
        var hash = SHA256()
        var size = 0
        do {
            for try await piece in try await body() {
                hash.update(data: piece)
                size += piece.count
                try write(piece, to: descriptor)
            }
        } catch let error as ClientError {
            throw .client(error)
        } catch {
            throw error as? Failure ?? .file("\(error)")
        }
        let text = hash.finalize().map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
        return Content(hash: text, size: size)
    }

    private func write(_ bytes: [UInt8], to descriptor: Int32) throws(Failure) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .file(reason("write")) }
            done += count
        }
    }

    private func reason(_ operation: String) -> String {
        "cannot \(operation) \(path): \(String(cString: strerror(errno)))"
    }
}
