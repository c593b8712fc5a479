import Testing
import TrainingAPI
import TrainingClient

@testable import lehr

@Suite struct JobWatcherTests {
    private let clock = CountingClock()

    private func watcher(_ transport: ListTransport) -> JobWatcher {
        JobWatcher(
            client: transport.client,
            display: .silent,
            terminal: { .sized(80, 24) },
            interval: .seconds(1),
            patience: .seconds(3),
            clock: clock
        )
    }

    @Test func `looks until the job is final`() async throws {
        let transport = ListTransport([
            .answer(JobBody.sample("queued", step: 0)), .answer(JobBody.sample()),
            .answer(JobBody.sample("failed")),
        ])
        let answer = try await watcher(transport).watch("1")
        #expect(answer.value.state == "failed")
        #expect(transport.targets == Array(repeating: "/v1/jobs/1", count: 3))
        #expect(clock.sleeps == 0)
    }

    @Test func `a server that is away for a while ends nothing`() async throws {
        let transport = ListTransport([
            .answer(JobBody.sample()), .error(.connectionLost), .error(.cannotConnect),
            .answer(Problem(status: 503, detail: "draining"), status: 503),
            .answer(JobBody.sample("succeeded")),
        ])
        #expect(try await watcher(transport).watch("1").value.state == "succeeded")
    }

    @Test func `patience begins anew with each answer and ends with the error`() async throws {
        let away = Array(
            repeating: Result<ClientResponse, ClientError>.error(.cannotConnect),
            count: 3
        )
        let transport = ListTransport(
            away + [.answer(JobBody.sample())] + away + [.error(.connectionLost)]
        )
        await #expect {
            try await watcher(transport).watch("1")
        } throws: {
            ($0 as? ClientError)?.code == .connectionLost
        }
        #expect(clock.sleeps == 6)
    }

    @Test func `tries that take long count for as long as they take`() async {
        let clock = clock
        let transport = ListTransport(
            Array(repeating: .error(.timedOut), count: 9),
            beforeEach: { clock.advance(by: .seconds(2)) }
        )
        await #expect {
            try await watcher(transport).watch("1")
        } throws: {
            ($0 as? ClientError)?.code == .timedOut
        }
        // At 0 and 3 seconds after the first failure.
        #expect(transport.targets.count == 2)
    }

    @Test func `an error that does not pass ends at once`() async {
        let transport = ListTransport([.answer(Problem(status: 404, detail: "gone"), status: 404)])
        await #expect {
            try await watcher(transport).watch("1")
        } throws: {
            ($0 as? ClientError)?.isNotFound == true
        }
    }
}
