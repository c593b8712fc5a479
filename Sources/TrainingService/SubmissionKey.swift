internal import Crypto
internal import HTTP
internal import Jobs
internal import TrainingAPI

/// A client's key for a submission that it may have to repeat.
struct SubmissionKey {
    private let key: String
    private let scope: [UInt8]
    private let bodyHash: [UInt8]

    /// The key of a request; `nil` where the client gave none.
    ///
    /// - Parameter request: A submission.
    /// - Throws: `Problem` 422 for a key that is too long.
    init?(_ request: Request) throws(Problem) {
        guard let key = request.fields["Idempotency-Key"] else { return nil }
        guard (1...255).contains(key.utf8.count) else {
            throw Problem(
                status: 422,
                detail: "Idempotency-Key must have 1 to 255 bytes, not \(key.utf8.count)."
            )
        }
        self.key = key
        var operation = "\(request.method) /\(request.path.joined(separator: "/"))"
        // Where there are tokens, each has keys of its own.
        if let client = request.client { operation = "\(client) \(operation)" }
        scope = Array(SHA256.hash(data: Array(operation.utf8)))
        bodyHash = Array(SHA256.hash(data: request.body))
    }

    /// The refusal of a key that was used for another body.
    static let reused = Problem(
        status: 422,
        detail: "This Idempotency-Key was used for another body before."
    )

    /// The key with the answer that a repetition gets.
    func idempotency(answer: [UInt8]) -> Idempotency {
        Idempotency(scope: scope, key: key, bodyHash: bodyHash, answer: answer)
    }
}
