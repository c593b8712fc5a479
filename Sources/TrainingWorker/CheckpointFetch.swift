internal import Datasets
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

    private let file: FileFetch
    /// Where the file is put.
    var path: String { file.path }
    /// How many bytes have come.
    var received: Int { file.size }

    /// Makes the fetch into a file of its own below `folder`.
    init(folder: String) {
        file = FileFetch(path: folder + "/checkpoint-\(Token.random()).partial")
    }

    /// Removes the checkpoints from a folder whose workers were killed.
    ///
    /// - Returns: How many were removed.
    static func removeAbandoned(in folder: String) -> Int {
        PartialFile.removeAbandoned(in: folder) {
            $0.hasPrefix("checkpoint-") && $0.hasSuffix(".partial")
        }
    }

    /// Fetches the checkpoint of a leased job and compares it with its hash.
    ///
    /// After `Failure.client` another call goes on from the bytes that have come.
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
        let found: FileFetch.Content
        do {
            found = try await file.run { (offset) async throws(ClientError) in
                try await client.checkpoint(
                    at: checkpoint.step,
                    lease: job.leaseID,
                    fence: job.fence,
                    from: offset
                )
            }
        } catch {
            switch error {
            case .client(let error): throw .client(error)
            case .file(let detail): throw .file(detail)
            }
        }
        guard found.hash == checkpoint.hash, found.size == checkpoint.size else {
            throw .damaged(
                "the checkpoint of step \(checkpoint.step) came with \(found.size) bytes and the"
                    + " hash \(found.hash), not \(checkpoint.size) bytes and \(checkpoint.hash)"
            )
        }
    }

    /// Removes the file, whether it is there or not.
    func remove() {
        file.remove()
    }
}
