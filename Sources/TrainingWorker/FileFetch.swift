internal import Crypto
internal import Datasets
internal import Foundation
internal import TrainingClient

/// Bytes on their way from the server to a file of this worker.
///
/// Where the way to the server breaks, the next ``run(_:)`` goes on from the bytes that have come. The file
/// is locked as a ``PartialFile`` for as long as this lives, and stays until ``remove()``.
final class FileFetch: DownloadSink {
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
    /// How many bytes have come.
    private(set) var size = 0
    private var hash = SHA256()
    private var descriptor: Int32 = -1
    private var download = FileDownload()

    /// Makes the fetch into the file at `path`, which nothing else is written to.
    init(path: String) {
        self.path = path
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Writes what the server sends, from where the last run has come to.
    ///
    /// After `Failure.client` another run goes on.
    ///
    /// - Parameter ask: Asks the server for the bytes, from an offset on.
    /// - Returns: What has come, all runs together.
    /// - Throws: `Failure`.
    func run(
        _ ask: (_ from: FileOffset?) async throws(ClientError) -> FileContent
    ) async throws(Failure) -> Content {
        var sink = self
        do {
            try await download.read(into: &sink, ask)
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

    /// Removes the file, whether it is there or not.
    func remove() {
        unlink(path)
    }

    // MARK: - The file

    func begin() throws(Failure) {
        if descriptor < 0 { try create() }
        guard ftruncate(descriptor, 0) == 0 else { throw .file(reason("empty")) }
        size = 0
        hash = SHA256()
    }

    func append(_ piece: [UInt8]) throws(Failure) {
        var done = 0
        while done < piece.count {
            let count = piece.withUnsafeBytes {
                pwrite(
                    descriptor,
                    $0.baseAddress.map { $0 + done },
                    $0.count - done,
                    off_t(size + done)
                )
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .file(reason("write")) }
            done += count
        }
        hash.update(data: piece)
        size += piece.count
    }

    private func create() throws(Failure) {
        let folder = URL(filePath: path).deletingLastPathComponent().path
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true
            )
        } catch {
            throw .file("cannot make \(folder): \(error.localizedDescription)")
        }
        do {
            descriptor = try PartialFile.create(path, permissions: 0o600)
        } catch {
            throw .file("\(error)")
        }
    }

    private func reason(_ operation: String) -> String {
        "cannot \(operation) \(path): \(String(cString: strerror(errno)))"
    }
}
