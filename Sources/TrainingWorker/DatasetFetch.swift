internal import Datasets
internal import Foundation
internal import TrainingAPI
internal import TrainingClient

/// Brings the rows of a dataset that somebody uploaded into this machine's folder of decoded rows.
///
/// The workers of a machine share the folder: what one has fetched, all map. Where they share the
/// server's own, nothing is ever fetched.
struct DatasetFetch {
    let cacheFolder: String
    let client: LehrClient
    /// Where files are written, off the shared pools.
    let thread: TrainingThread

    /// Fetches the dataset called `name` by its hash, unless it is there.
    ///
    /// Where the way to the server breaks, it goes on from the bytes that have come, for as long as
    /// `waitsAgain` says.
    ///
    /// - Parameters:
    ///   - name: The dataset's name.
    ///   - hash: The hash of its content.
    ///   - waitsAgain: Waits for the next try, told how many bytes have come; says whether there is to be one.
    /// - Returns: `nil` where it is there now; else how the run ends. What may pass is tried again by
    ///   another run.
    func run(
        name: String,
        hash: String?,
        waitsAgain: (_ received: Int) async -> Bool
    ) async -> WorkerCompletion.Outcome? {
        let catalogue = DatasetCatalogue(cache: cacheFolder)
        guard let hash = hash.flatMap({ ContentHash($0) }),
            !catalogue.has(name)
        else { return nil }
        let file = RowFile(folder: cacheFolder, hash: hash)
        var download = FileDownload()
        var sink = Sink(file: file, catalogue: catalogue, thread: thread)
        while true {
            // Another worker of the machine may have been faster.
            guard await thread.run({ !file.exists }) else { return nil }
            do {
                try await download.read(into: &sink) { (offset) async throws(ClientError) in
                    try await client.datasetContent(name, hash: hash.description, from: offset)
                }
                try await sink.finish(name: name)
                return nil
            } catch let error as DatasetError {
                return Self.outcome(of: error)
            } catch let error as ClientError {
                guard error.isWorthRepeating, await waitsAgain(download.offset) else {
                    return Self.outcome(of: error, name)
                }
            } catch {
                return .failed(code: "dataset_missing", detail: "\(error)", isPermanent: false)
            }
        }
    }

    private static func outcome(of error: DatasetError) -> WorkerCompletion.Outcome {
        switch error {
        case .changed, .malformed:
            .failed(code: "dataset_changed", detail: "\(error)", isPermanent: true)
        default: .failed(code: "dataset_missing", detail: "\(error)", isPermanent: false)
        }
    }

    private static func outcome(of error: ClientError, _ name: String) -> WorkerCompletion.Outcome {
        switch error.problem?.status {
        case 404:
            .failed(
                code: "dataset_missing",
                detail: "the server has no dataset \(name) any more",
                isPermanent: true
            )
        case 409:
            .failed(
                code: "dataset_changed",
                detail: error.problem?.detail ?? "\(error)",
                isPermanent: true
            )
        default:
            .failed(code: "dataset_missing", detail: "\(error)", isPermanent: false)
        }
    }
}

extension DatasetFetch {
    /// What the server sends, written on the thread; it becomes the file once it is whole and has its hash.
    private struct Sink: DownloadSink {
        let file: RowFile
        let catalogue: DatasetCatalogue
        let thread: TrainingThread
        private var arrival: FileArrival?

        init(file: RowFile, catalogue: DatasetCatalogue, thread: TrainingThread) {
            self.file = file
            self.catalogue = catalogue
            self.thread = thread
        }

        mutating func begin() async throws {
            arrival = try await onThread { [file, catalogue] () throws(DatasetError) in
                try catalogue.prepare()
                return try FileArrival(file)
            }
        }

        mutating func append(_ piece: [UInt8]) async throws {
            try await onThread { [arrival] () throws(DatasetError) in
                try arrival?.append(piece)
            }
        }

        /// Gives the file its name.
        func finish(name: String) async throws {
            try await onThread { [arrival] () throws(DatasetError) in
                try arrival?.finish(name: name)
            }
        }

        private func onThread<Value: Sendable>(
            _ work: @escaping @Sendable () throws(DatasetError) -> Value
        ) async throws(DatasetError) -> Value {
            try await thread.run { Result(catching: work) }.get()
        }
    }
}
