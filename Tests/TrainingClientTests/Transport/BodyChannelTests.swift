import Synchronization
import Testing

@testable import TrainingClient

@Suite struct BodyChannelTests {
    private func offer(_ text: String, to channel: BodyChannel) -> Bool {
        Array(text.utf8).withUnsafeBytes(channel.offer)
    }

    @Test func `holds the sender back past its limit and asks for more once it was read`()
        async throws
    {
        let resumed = Mutex(0)
        let channel = BodyChannel(limit: 4, resume: { resumed.withLock { $0 += 1 } }, cancel: {})
        #expect(offer("abc", to: channel))
        #expect(!offer("de", to: channel))
        #expect(resumed.withLock { $0 } == 0)
        #expect(try await channel.next() == Array("abc".utf8))
        #expect(resumed.withLock { $0 } == 1)
        #expect(offer("de", to: channel))
        #expect(try await channel.next() == Array("de".utf8))
        #expect(resumed.withLock { $0 } == 1)
    }

    @Test func `takes a piece larger than its limit when it is empty`() {
        let channel = BodyChannel(limit: 1, resume: {}, cancel: {})
        #expect(offer("abc", to: channel))
        #expect(!offer("d", to: channel))
    }

    @Test func `tells the error after the last bytes, once`() async throws {
        let channel = BodyChannel(limit: 10, resume: {}, cancel: {})
        #expect(offer("abc", to: channel))
        channel.finish(throwing: ClientError(code: .connectionLost, operation: "", detail: "cut"))
        #expect(try await channel.next() == Array("abc".utf8))
        await #expect(throws: ClientError.self) { try await channel.next() }
        #expect(try await channel.next() == nil)
    }

    @Test func `cancels the transfer of an unread body, not of a finished one`() {
        let cancelled = Mutex(0)
        for isFinished in [false, true] {
            let channel = BodyChannel(
                limit: 10,
                resume: {},
                cancel: { cancelled.withLock { $0 += 1 } }
            )
            if isFinished { channel.finish(throwing: nil) }
            _ = ResponseBody(channel: channel)
        }
        #expect(cancelled.withLock { $0 } == 1)
    }
}
