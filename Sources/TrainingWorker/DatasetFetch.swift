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
    /// - Returns: `nil` where it is there now; else how the run ends. What may pass is tried again by
    ///   another run.
    func run(name: String, hash: String?) async -> WorkerCompletion.Outcome? {
        let catalogue = DatasetCatalogue(cache: cacheFolder)
        guard let hash = hash.flatMap({ ContentHash($0) }),
            !catalogue.entries.contains(where: { $0.description.name == name })
        else { return nil }
        let file = RowFile(folder: cacheFolder, hash: hash)
        guard await thread.run({ !file.exists }) else { return nil }
        do {
            let body = try await client.datasetContent(name, hash: hash.description)
            let arrival = try await thread.run { () -> Result<FileArrival, DatasetError> in
                Result { () throws(DatasetError) in
                    try catalogue.prepare()
                    return try FileArrival(file)
                }
            }.get()
            for try await piece in body {
                try await thread.run { () -> Result<Void, DatasetError> in
                    Result { () throws(DatasetError) in try arrival.append(piece) }
                }.get()
            }
            try await thread.run { () -> Result<Void, DatasetError> in
                Result { () throws(DatasetError) in try arrival.finish(name: name) }
            }.get()
            return nil
        } catch let error as DatasetError {
            switch error {
            case .changed, .malformed:
                return .failed(code: "dataset_changed", detail: "\(error)", isPermanent: true)
            default:
                return .failed(code: "dataset_missing", detail: "\(error)", isPermanent: false)
            }
        } catch let error as ClientError {
            return Self.outcome(of: error, name)
        } catch {
            return .failed(code: "dataset_missing", detail: "\(error)", isPermanent: false)
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
