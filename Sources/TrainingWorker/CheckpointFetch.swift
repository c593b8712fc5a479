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
        let found: FileFetch.Content
        do {
            found = try await FileFetch(path: path).run { () async throws(ClientError) in
                try await client.checkpoint(
                    at: checkpoint.step,
                    lease: job.leaseID,
                    fence: job.fence
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
        unlink(path)
    }
}
