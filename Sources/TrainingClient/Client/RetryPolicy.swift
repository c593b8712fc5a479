import TrainingAPI

/// When a request is sent again, and after how long.
///
/// A request is repeated where no connection came about or it broke, and where the server answers 429
/// or 503. The wait before repeat n (from 0) is drawn evenly from 0 to
/// min(`maximumDelay`, `firstDelay` · 2ⁿ), so that many clients do not come back together; a server's
/// `Retry-After` is waited for besides.
public struct RetryPolicy: Hashable, Sendable {
    /// How often a request is sent in all; at least 1, 4 by default.
    public var maximumAttempts: Int
    /// The longest wait before the first repeat; 200 ms by default.
    public var firstDelay: Duration
    /// The longest wait before any repeat; 5 seconds by default.
    public var maximumDelay: Duration
    /// The longest `Retry-After` that is waited for, past which the answer stands; 30 seconds by
    /// default.
    public var maximumRetryAfter: Duration
    /// Whether a request is repeated where nothing listens; a person would rather know at once.
    public var repeatsConnecting: Bool

    /// Makes a policy.
    public init(
        maximumAttempts: Int = 4,
        firstDelay: Duration = .milliseconds(200),
        maximumDelay: Duration = .seconds(5),
        maximumRetryAfter: Duration = .seconds(30),
        repeatsConnecting: Bool = true
    ) {
        precondition(maximumAttempts >= 1, "maximumAttempts must be at least 1")
        self.maximumAttempts = maximumAttempts
        self.firstDelay = firstDelay
        self.maximumDelay = maximumDelay
        self.maximumRetryAfter = maximumRetryAfter
        self.repeatsConnecting = repeatsConnecting
    }

    /// The policy that sends each request once.
    public static let never = RetryPolicy(maximumAttempts: 1)

    /// How long to wait before the request is sent again; `nil` where the error stands.
    ///
    /// - Parameters:
    ///   - error: Why the last attempt failed.
    ///   - attempt: How often the request was sent so far, from 1.
    ///   - jitter: A random number in 0..<1.
    /// - Returns: The wait.
    public func delay(
        after error: ClientError,
        attempt: Int,
        jitter: Double
    ) -> Duration? {
        guard attempt < maximumAttempts else { return nil }
        switch error.code {
        case .cannotConnect where repeatsConnecting: break
        case .connectionLost: break
        case .refused where error.problem?.status == 429 || error.problem?.status == 503: break
        default: return nil
        }
        let retryAfter = error.retryAfter ?? .zero
        guard retryAfter <= maximumRetryAfter else { return nil }
        return retryAfter + delay(beforeRepeat: attempt - 1, jitter: jitter)
    }

    /// How long to wait before repeat `count`, from 0, whatever the error.
    func delay(beforeRepeat count: Int, jitter: Double) -> Duration {
        min(maximumDelay, firstDelay * (1 << min(count, 20))) * jitter
    }
}
