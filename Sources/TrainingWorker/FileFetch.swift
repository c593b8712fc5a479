internal import Foundation
internal import TrainingClient

/// Bytes on their way from the server to a file of this worker.
///
/// Where the way to the server breaks, the next ``run(_:)`` goes on from the bytes that have come. The file
/// is written and hashed on the ``FileQueue``, and stays until ``remove()``.
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

    /// How many bytes have come.
    private(set) var size = 0
    private let file: FetchedFile
    private var download = FileDownload()

    /// Makes the fetch into the file at `path`, which nothing else is written to.
    init(path: String) {
        file = FetchedFile(path: path)
    }

    /// Where the file is put; its folder is made.
    var path: String { file.path }

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
        return await FileQueue.run { [file] in file.content() }
    }

    /// Removes the file, whether it is there or not.
    func remove() {
        unlink(path)
    }

    // MARK: - The file

    func begin() async throws(Failure) {
        try await onQueue { file throws(Failure) in try file.begin() }
        size = 0
    }

    func append(_ piece: [UInt8]) async throws(Failure) {
        try await onQueue { file throws(Failure) in try file.append(piece) }
        size += piece.count
    }

    private func onQueue(
        _ work: @escaping @Sendable (FetchedFile) throws(Failure) -> Void
    ) async throws(Failure) {
        try await FileQueue.run { [file] () -> Result<Void, Failure> in
            Result { () throws(Failure) in try work(file) }
        }.get()
    }
}
