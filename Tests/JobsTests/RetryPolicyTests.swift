import Jobs
import Testing

@Suite struct RetryPolicyTests {
    private let policy = RetryPolicy()
    private static let failure = JobFailure(code: "out_of_memory", detail: nil)

    private func ruling(
        _ ending: RunEnding,
        attempt: Int = 1,
        of maximum: Int = 3,
        crashes: Int = 0,
        jitter: Double = 0.5
    ) -> RetryPolicy.Ruling {
        policy.ruling(
            on: ending,
            attempt: attempt,
            maximumAttempts: maximum,
            crashes: crashes,
            jitter: jitter
        )
    }

    @Test(
        arguments: [
            (1, 2), (2, 4), (3, 8), (7, 128), (8, 256), (9, 300), (60, 300), (.max, 300),
        ] as [(Int, Double)]
    )
    func `the bound of the delay doubles up to the cap`(retry: Int, bound: Double) {
        let half = policy.backoff(beforeRetry: retry, jitter: 0.5)
        #expect(half == .seconds(bound / 2))
    }

    @Test func `the delay is spread over the whole of its bound`() {
        #expect(policy.backoff(beforeRetry: 3, jitter: 0) == .zero)
        #expect(policy.backoff(beforeRetry: 3, jitter: 0.25) == .seconds(2))
    }

    @Test func `an error is tried again while attempts are left`() {
        let error = RunEnding.failed(RetryPolicyTests.failure, isPermanent: false)
        #expect(ruling(error, attempt: 1) == .again(after: .seconds(1)))
        #expect(ruling(error, attempt: 2) == .again(after: .seconds(2)))
        #expect(ruling(error, attempt: 3) == .giveUp(RetryPolicyTests.failure))
    }

    @Test func `a permanent error is not tried again`() {
        let error = RunEnding.failed(RetryPolicyTests.failure, isPermanent: true)
        #expect(ruling(error, attempt: 1) == .giveUp(RetryPolicyTests.failure))
    }

    @Test(arguments: [RunEnding.workerCrashed, .leaseExpired])
    func `the first lost worker is replaced at once, the second after a backoff`(loss: RunEnding) {
        #expect(ruling(loss, crashes: 1) == .again(after: .zero))
        #expect(ruling(loss, crashes: 2) == .again(after: .seconds(1)))
    }

    @Test(arguments: [
        (RunEnding.workerCrashed, "worker_crashed"), (.leaseExpired, "worker_lost"),
        (.outOfMemory, "out_of_memory"),
    ])
    func `the third lost worker in a row ends the job`(loss: RunEnding, code: String) {
        guard case .giveUp(let failure) = ruling(loss, crashes: 3) else {
            Issue.record("the job was not given up")
            return
        }
        #expect(failure.code == code)
    }

    @Test(arguments: [RunEnding.workerCrashed, .leaseExpired])
    func `a lost worker counts against no attempt`(loss: RunEnding) {
        #expect(ruling(loss, attempt: 9, of: 1, crashes: 1) == .again(after: .zero))
    }

    @Test(arguments: [RunEnding.released, .serverRestarted])
    func `a release and a server's death cost nothing`(ending: RunEnding) {
        #expect(ruling(ending, attempt: 9, of: 1, crashes: 9) == .again(after: .zero))
    }
}
