import Synchronization
import Testing
import TrainingAPI
import TrainingClient

@testable import lehr

@Suite struct LogFollowerTests {
    private let clock = CountingClock()

    /// What following a log of these answers writes, and what it notes.
    private func followed(
        _ answers: [Result<ClientResponse, ClientError>]
    ) async throws -> (text: String, notes: [String]) {
        let bytes = Mutex<[UInt8]>([])
        let notes = Mutex<[String]>([])
        let follower = LogFollower(
            client: ListTransport(answers).client,
            write: { piece in bytes.withLock { $0 += piece } },
            note: { line in notes.withLock { $0.append(line) } },
            interval: .seconds(1),
            patience: .seconds(3),
            clock: clock
        )
        try await follower.follow("1")
        return (bytes.withLock { String(decoding: $0, as: UTF8.self) }, notes.withLock { $0 })
    }

    @Test func `writes the log to the job's end`() async throws {
        let (text, notes) = try await followed([
            .text("a\nb\n"), .answer(JobBody.sample("succeeded")), .text("a\nb\n"),
        ])
        #expect(text == "a\nb\n")
        #expect(notes == [])
    }

    @Test func `goes on behind what was written where the text breaks off`() async throws {
        let long = String(repeating: "line\n", count: 1_000)
        let (text, notes) = try await followed([
            .text("a\n" + long), .answer(JobBody.sample()), .error(.cannotConnect),
            .error(.connectionLost), .text("a\n" + long + "b\n"), .answer(JobBody.sample()),
            .text("a\n" + long + "b\nc\n"), .answer(JobBody.sample("failed")),
            .text("a\n" + long + "b\nc\n"),
        ])
        #expect(text == "a\n" + long + "b\nc\n")
        #expect(notes == ["cannotConnect; waiting for it"])
    }

    @Test func `lines that come after others were dropped by the server are not passed over`()
        async throws
    {
        let (text, notes) = try await followed([
            .text("accepted\na\nb\nc\nd\n"), .error(.connectionLost), .text("accepted\nd\ne\n"),
            .answer(JobBody.sample("cancelled")), .text("accepted\nd\ne\n"),
        ])
        #expect(text == "accepted\na\nb\nc\nd\ne\n")
        #expect(notes == ["connectionLost; waiting for it"])
    }

    @Test func `a log that the server dropped beyond what was written says so`() async throws {
        let (text, notes) = try await followed([
            .text("accepted\na\nb\nc\n"), .answer(JobBody.sample()), .text("accepted\ne\nf\n"),
            .answer(JobBody.sample("cancelled")), .text("accepted\ne\nf\n"),
        ])
        #expect(text == "accepted\na\nb\nc\ne\nf\n")
        #expect(notes == ["the log does not go on where it broke off; lines may be missing here"])
    }

    @Test func `what a job wrote that ended while its server was away is read`() async throws {
        let (text, notes) = try await followed([
            .text("a\n"), .answer(JobBody.sample("succeeded")), .error(.connectionLost),
            .text("a\nb\nb\nc\n"),
        ])
        #expect(text == "a\nb\nb\nc\n")
        #expect(notes == ["connectionLost; waiting for it"])
    }

    @Test func `a line that breaks off is written once, whole`() async throws {
        let (text, _) = try await followed([
            .text("a\nbro"), .answer(JobBody.sample()), .text("a\nbroken\n"),
            .answer(JobBody.sample("failed")), .text("a\nbroken\n"),
        ])
        #expect(text == "a\nbroken\n")
    }

    @Test func `tries that take long count for as long as they take`() async {
        let clock = clock
        let transport = ListTransport(
            Array(repeating: .error(.timedOut), count: 9),
            beforeEach: { clock.advance(by: .seconds(2)) }
        )
        let follower = LogFollower(
            client: transport.client,
            write: { _ in },
            note: { _ in },
            interval: .milliseconds(1),
            patience: .seconds(3),
            clock: clock
        )
        await #expect {
            try await follower.follow("1")
        } throws: {
            ($0 as? ClientError)?.code == .timedOut
        }
        // At 0, 2 and 4 seconds after the first failure.
        #expect(transport.targets.count == 3)
    }

    @Test func `a server that stays away ends it with the error`() async {
        let away = Array(
            repeating: Result<ClientResponse, ClientError>.error(.cannotConnect),
            count: 9
        )
        await #expect {
            _ = try await followed(away)
        } throws: {
            ($0 as? ClientError)?.code == .cannotConnect
        }
        #expect(clock.sleeps == 3)
    }
}

extension Result where Success == ClientResponse, Failure == ClientError {
    /// An answer that is plain text.
    fileprivate static func text(_ text: String) -> Self {
        .success(ClientResponse(status: 200, body: Array(text.utf8)))
    }
}
