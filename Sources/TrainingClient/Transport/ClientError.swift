public import TrainingAPI

/// Why a request has no answer, or has one that says no.
public struct ClientError: Error, Sendable, CustomStringConvertible {
    /// What the caller can do about it.
    public enum Code: Hashable, Sendable {
        /// The caller's own task was cancelled; the server may have acted or not.
        case cancelled
        /// The client was closed before the answer came.
        case closed
        /// The request cannot be sent as it is: its URL, a field, or the client's settings are wrong.
        case invalidRequest
        /// No connection came about, so the server has not seen the request. Trying again is safe.
        case cannotConnect
        /// The server's certificate is not trusted. Trying again does not help.
        case untrusted
        /// The time was over; the server may have acted or not.
        case timedOut
        /// The connection broke; the server may have acted or not.
        case connectionLost
        /// What came back is not HTTP, or not what this version of the client can read.
        case malformedResponse
        /// The answer is larger than the client was told to take.
        case responseTooLarge
        /// The server answered with a status of 400 or more; ``ClientError/problem`` says why.
        case refused
    }

    /// What the caller can do about it.
    public let code: Code
    /// What was tried: `POST http://127.0.0.1:8080/v1/jobs`.
    public let operation: String
    /// What went wrong, as one sentence without its full stop.
    public let detail: String

    /// What the server says of it; where the code is `refused`, and there alone.
    public let problem: Problem?
    /// How long the server asks to be left alone.
    public let retryAfter: Duration?

    /// Makes an error.
    public init(
        code: Code,
        operation: String,
        detail: String,
        problem: Problem? = nil,
        retryAfter: Duration? = nil
    ) {
        self.code = code
        self.operation = operation
        self.detail = detail
        self.problem = problem
        self.retryAfter = retryAfter
    }

    /// The sentence.
    public var description: String { detail }
}
