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

    /// Fetches the dataset called `name` by its hash, unless it is there; begins anew where the way to
    /// the server breaks, for as long as `isPatient`.
    ///
    /// - Returns: `nil` where it is there now; else how the run ends. What may pass is tried again by
    ///   another run.
    func run(
        name: String,
        hash: String?,
        isPatient: () -> Bool
    ) async -> WorkerCompletion.Outcome? {
        let catalogue = DatasetCatalogue(cache: cacheFolder)
        guard let hash = hash.flatMap({ ContentHash($0) }),
            !catalogue.has(name)
        else { return nil }
        let file = RowFile(folder: cacheFolder, hash: hash)
        var pause = Backoff(first: .milliseconds(100), limit: .seconds(2))
        while true {
            guard await thread.run({ !file.exists }) else { return nil }
            do {
                try await fetch(name, hash, into: file, catalogue)
                return nil
            } catch let error as DatasetError {
                return Self.outcome(of: error)
            } catch let error as ClientError {
                guard error.isWorthRepeating, isPatient() else {
                    return Self.outcome(of: error, name)
                }
                await pause.wait()
            } catch {
                return .failed(code: "dataset_missing", detail: "\(error)", isPermanent: false)
            }
        }
    }

    /// Writes what the server sends; it becomes the file once it is whole and has its hash.
    private func fetch(
        _ name: String,
        _ hash: ContentHash,
        into file: RowFile,
        _ catalogue: DatasetCatalogue
    ) async throws {
        let body = try await client.datasetContent(name, hash: hash.description)
        let arrival = try await onThread { () throws(DatasetError) in
            try catalogue.prepare()
            return try FileArrival(file)
        }
        for try await piece in body {
            try await onThread { () throws(DatasetError) in try arrival.append(piece) }
        }
        try await onThread { () throws(DatasetError) in try arrival.finish(name: name) }
    }

    private func onThread<Value: Sendable>(
        _ work: @escaping @Sendable () throws(DatasetError) -> Value
    ) async throws(DatasetError) -> Value {
        try await thread.run { Result(catching: work) }.get()
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
