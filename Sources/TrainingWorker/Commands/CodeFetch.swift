internal import Archives
internal import Foundation
internal import TrainingAPI
internal import TrainingClient

/// Brings the code of a command from the server into the folder in which it starts.
struct CodeFetch {
    /// The archive's hash.
    let hash: String
    /// The server.
    let client: LehrClient
    /// Where the archive lies while it is unpacked.
    let archive: FileFetch
    /// The folder, which is there and empty.
    let folder: String
    /// To whom what is unpacked belongs; `nil` for this process's user.
    let owner: FileOwner?

    /// Fetches, compares with the hash and unpacks.
    ///
    /// After an error another call goes on from the bytes that have come.
    ///
    /// - Returns: `nil` where the code is there now; else how the run ends.
    /// - Throws: `ClientError` where the way to the server broke and may be tried again.
    func run() async throws(ClientError) -> WorkerCompletion.Outcome? {
        let found: FileFetch.Content
        do {
            found = try await archive.run { (offset) async throws(ClientError) in
                try await client.archiveContent(hash, from: offset)
            }
        } catch {
            switch error {
            case .client(let error):
                if error.isWorthRepeating { throw error }
                return outcome(of: error)
            case .file(let detail):
                return .failed(code: "code_missing", detail: detail, isPermanent: false)
            }
        }
        guard found.hash == hash else {
            return .failed(
                code: "code_changed",
                detail: "the archive \(hash.prefix(12)) came with \(found.size) bytes and the hash"
                    + " \(found.hash)",
                isPermanent: false
            )
        }
        return await unpack()
    }

    /// Unpacks on a thread of its own, since that blocks.
    private func unpack() async -> WorkerCompletion.Outcome? {
        let (results, result) = AsyncStream<WorkerCompletion.Outcome?>.makeStream()
        let thread = Thread { [path = archive.path, folder, owner] in
            do throws(ArchiveFault) {
                try Archive(path: path).unpack(into: folder, owner: owner)
                result.yield(nil)
            } catch {
                result.yield(
                    .failed(
                        code: error.code == .archive ? "invalid" : "code_missing",
                        detail: "the code could not be unpacked: \(error)",
                        isPermanent: error.code == .archive
                    )
                )
            }
            result.finish()
        }
        thread.name = "code"
        thread.start()
        for await outcome in results { return outcome }
        return nil
    }

    private func outcome(of error: ClientError) -> WorkerCompletion.Outcome {
        let isGone = [404, 410].contains(error.problem?.status)
        return .failed(
            code: "code_missing",
            detail: isGone
                ? "the server has no archive \(hash.prefix(12)) any more"
                : "the archive \(hash.prefix(12)) could not be fetched: \(error)",
            isPermanent: isGone
        )
    }
}
