import Testing
import TrainingAPI

@testable import TrainingClient

@Suite struct RetryPolicyTests {
    private let policy = RetryPolicy()

    private func refusal(_ status: Int, retryAfter: Duration? = nil) -> ClientError {
        ClientError(
            code: .refused,
            operation: "",
            detail: "",
            problem: Problem(status: status, detail: ""),
            retryAfter: retryAfter
        )
    }

    private func failure(_ code: ClientError.Code) -> ClientError {
        ClientError(code: code, operation: "", detail: "")
    }

    @Test(arguments: [
        (attempt: 1, milliseconds: 100), (2, 200), (3, 400), (4, 800), (5, 1600), (6, 2500),
        (60, 2500),
    ])
    func `draws a wait from a range that doubles up to its limit`(attempt: Int, milliseconds: Int) {
        var policy = policy
        policy.maximumAttempts = 100
        let delay = policy.delay(after: failure(.connectionLost), attempt: attempt, jitter: 0.5)
        #expect(delay == .milliseconds(milliseconds))
        #expect(policy.delay(after: failure(.connectionLost), attempt: attempt, jitter: 0) == .zero)
    }

    @Test func `gives up after its last attempt`() {
        #expect(policy.delay(after: failure(.connectionLost), attempt: 3, jitter: 0) != nil)
        #expect(policy.delay(after: failure(.connectionLost), attempt: 4, jitter: 0) == nil)
        #expect(
            RetryPolicy.never.delay(after: failure(.connectionLost), attempt: 1, jitter: 0) == nil
        )
    }

    @Test(arguments: [
        (ClientError.Code.cannotConnect, true), (.connectionLost, true), (.timedOut, false),
        (.cancelled, false), (.closed, false), (.invalidRequest, false), (.untrusted, false),
        (.malformedResponse, false), (.responseTooLarge, false),
    ])
    func `repeats what may go better the next time`(code: ClientError.Code, repeats: Bool) {
        #expect((policy.delay(after: failure(code), attempt: 1, jitter: 0) != nil) == repeats)
    }

    @Test(arguments: [
        (429, true), (503, true), (400, false), (409, false), (500, false), (502, false),
    ])
    func `repeats what the server asks to have repeated`(status: Int, repeats: Bool) {
        #expect((policy.delay(after: refusal(status), attempt: 1, jitter: 0) != nil) == repeats)
    }

    @Test func `waits for the server's own time and some more`() {
        let error = refusal(503, retryAfter: .seconds(7))
        #expect(policy.delay(after: error, attempt: 1, jitter: 0.5) == .milliseconds(7100))
        #expect(
            policy.delay(after: refusal(429, retryAfter: .seconds(31)), attempt: 1, jitter: 0)
                == nil
        )
    }

    @Test func `a person is told at once that nothing listens`() {
        var policy = policy
        policy.repeatsConnecting = false
        #expect(policy.delay(after: failure(.cannotConnect), attempt: 1, jitter: 0) == nil)
        #expect(policy.delay(after: failure(.connectionLost), attempt: 1, jitter: 0) != nil)
    }
}
