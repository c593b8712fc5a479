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
            .text("a\nb\n"), .answer(JobBody.sample("succeeded")),
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
        ])
        #expect(text == "a\n" + long + "b\nc\n")
        #expect(notes == ["cannotConnect; waiting for it"])
    }

    @Test func `a log of which the server keeps only the end is written anew, and says so`()
        async throws
    {
        let (text, notes) = try await followed([
            .text("a\nb\nc\n"), .answer(JobBody.sample()), .text("b\nc\nd\n"),
            .text("b\nc\nd\n"), .answer(JobBody.sample("cancelled")),
        ])
        #expect(text == "a\nb\nc\nb\nc\nd\n")
        #expect(notes == ["the server keeps no more of the log than follows"])
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
