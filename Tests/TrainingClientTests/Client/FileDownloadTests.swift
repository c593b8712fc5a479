import Synchronization
import Testing

@testable import TrainingClient

/// A sink that remembers.
private struct Memory: DownloadSink {
    var beginnings = 0
    var bytes: [UInt8] = []
    var text: String { String(decoding: bytes, as: UTF8.self) }

    mutating func begin() {
        beginnings += 1
        bytes = []
    }

    mutating func append(_ piece: [UInt8]) {
        bytes += piece
    }
}

/// A transport whose answers break off.
private final class BrokenTransport: ClientTransport {
    /// An answer: its content, and how it breaks where it is not whole.
    struct Reply {
        var status = 200
        var fields: ClientFields = [:]
        var text = ""
        var ending: ClientError.Code?
    }

    private let state: Mutex<(replies: [Reply], requests: [ClientRequest])>

    init(_ replies: [Reply]) {
        state = Mutex((replies, []))
    }

    /// The `Range` and `If-Range` of every request.
    var places: [[String?]] {
        state.withLock { $0.requests.map { [$0.fields["Range"], $0.fields["If-Range"]] } }
    }

    func stream(_ request: ClientRequest) async throws(ClientError) -> StreamedResponse {
        let reply = state.withLock { state in
            state.requests.append(request)
            return state.replies.isEmpty ? nil : state.replies.removeFirst()
        }
        guard let reply else { throw Self.error(.closed) }
        if reply.text.isEmpty, let code = reply.ending { throw Self.error(code) }
        let channel = BodyChannel(limit: .max, resume: {}, cancel: {})
        if !reply.text.isEmpty { _ = Array(reply.text.utf8).withUnsafeBytes(channel.offer) }
        channel.finish(throwing: reply.ending.map(Self.error))
        return StreamedResponse(
            status: reply.status,
            fields: reply.fields,
            body: ResponseBody(channel: channel)
        )
    }

    func send(_ request: ClientRequest) async throws(ClientError) -> ClientResponse {
        throw Self.error(.closed)
    }

    func close() async {}

    private static func error(_ code: ClientError.Code) -> ClientError {
        ClientError(code: code, operation: "test", detail: "\(code)")
    }
}

@Suite struct FileDownloadTests {
    private typealias Reply = BrokenTransport.Reply
    private static let tag: ClientFields = ["ETag": "\"a\""]

    private static func part(_ range: String, tag: String? = "\"a\"") -> ClientFields {
        var fields: ClientFields = ["Content-Range": "bytes \(range)"]
        if let tag { fields["ETag"] = tag }
        return fields
    }

    /// Downloads through the answers; the policy allows two attempts without a byte between them.
    private func download(
        _ replies: Reply...,
        attempts: Int = 2,
        repeatsConnecting: Bool = true
    ) async throws -> (sink: Memory, places: [[String?]]) {
        let transport = BrokenTransport(replies)
        let client = LehrClient(
            server: .local,
            transport: transport,
            retries: RetryPolicy(
                maximumAttempts: attempts,
                repeatsConnecting: repeatsConnecting
            ),
            clock: RecordingClock()
        )
        var sink = Memory()
        try await client.download(into: &sink, patience: attempts - 1) {
            (offset) async throws(ClientError) in
            try await client.artifact("model.onnx", of: "1", from: offset)
        }
        return (sink, transport.places)
    }

    @Test(arguments: [ClientError.Code.connectionLost, .timedOut])
    func `asks for the rest alone where the connection breaks`(
        code: ClientError.Code
    ) async throws {
        let (sink, places) = try await download(
            Reply(fields: Self.tag, text: "hello", ending: code),
            Reply(status: 206, fields: Self.part("5-10/11"), text: " wor", ending: code),
            Reply(status: 206, fields: Self.part("9-10/11", tag: nil), text: "ld")
        )
        #expect(sink.text == "hello world")
        #expect(sink.beginnings == 1)
        #expect(places == [[nil, nil], ["bytes=5-", "\"a\""], ["bytes=9-", "\"a\""]])
    }

    @Test func `begins anew where the file is another one, be it empty`() async throws {
        let (sink, places) = try await download(
            Reply(fields: Self.tag, text: "hello", ending: .connectionLost),
            Reply(fields: ["ETag": "\"b\""], text: "other", ending: .connectionLost),
            Reply(fields: ["ETag": "\"c\""]),
            attempts: 3
        )
        #expect(sink.text == "")
        #expect(sink.beginnings == 3)
        #expect(places.last == ["bytes=5-", "\"b\""])
    }

    @Test(arguments: [[:], ["ETag": "W/\"a\""]] as [ClientFields])
    func `asks for the whole again where no tag says which file it is`(
        fields: ClientFields
    ) async throws {
        let (sink, places) = try await download(
            Reply(fields: fields, text: "hello", ending: .connectionLost),
            Reply(fields: fields, text: "hello world")
        )
        #expect(sink.text == "hello world")
        #expect(places == [[nil, nil], [nil, nil]])
    }

    @Test func `asks for the whole again where nothing lies behind what has come`() async throws {
        let (sink, places) = try await download(
            Reply(fields: Self.tag, text: "hello", ending: .connectionLost),
            Reply(status: 416),
            Reply(fields: Self.tag, text: "hello")
        )
        #expect(sink.text == "hello")
        #expect(places == [[nil, nil], ["bytes=5-", "\"a\""], [nil, nil]])
    }

    @Test(arguments: [
        part("4-10/11"), part("5-10/11", tag: "\"b\""), tag, part("50-60/61"), part("5-9/11"),
    ])
    func `does not put another part behind what has come`(fields: ClientFields) async throws {
        let error = await #expect(throws: ClientError.self) {
            try await download(
                Reply(fields: Self.tag, text: "hello", ending: .connectionLost),
                Reply(status: 206, fields: fields, text: " world")
            )
        }
        #expect(error?.code == .malformedResponse)
    }

    @Test func `takes no part for the whole`() async throws {
        let error = await #expect(throws: ClientError.self) {
            try await download(Reply(status: 206, fields: Self.part("0-4/11"), text: "hello"))
        }
        #expect(error?.code == .malformedResponse)
    }

    @Test func `counts attempts anew with every byte, and gives up without any`() async throws {
        let pieces = (0..<6).map { place in
            Reply(
                status: place == 0 ? 200 : 206,
                fields: place == 0 ? Self.tag : Self.part("\(place)-9/10"),
                text: "\(place)",
                ending: .connectionLost
            )
        }
        let transport = BrokenTransport(pieces)
        let client = LehrClient(
            server: .local,
            transport: transport,
            retries: RetryPolicy(maximumAttempts: 2),
            clock: RecordingClock()
        )
        var sink = Memory()
        let error = await #expect(throws: ClientError.self) {
            try await client.download(into: &sink, patience: 1) {
                (offset) async throws(ClientError) in
                try await client.checkpoint(at: 1, of: "1", from: offset)
            }
        }
        // The list of answers has ended, which is no broken connection.
        #expect(error?.code == .closed)
        #expect(sink.text == "012345")
        let gone = await #expect(throws: ClientError.self) {
            try await download(
                Reply(fields: Self.tag, text: "0", ending: .connectionLost),
                Reply(ending: .timedOut),
                Reply(ending: .timedOut)
            )
        }
        #expect(gone?.code == .timedOut)
    }

    @Test func `gives up a server that begins anew each time and never comes further`() async throws
    {
        let pieces = ["012", "0123", "01", "0123", "01"].map { text in
            Reply(fields: Self.tag, text: text, ending: .connectionLost)
        }
        let error = await #expect(throws: ClientError.self) {
            try await download(pieces[0], pieces[1], pieces[2], pieces[3], pieces[4], attempts: 4)
        }
        #expect(error?.code == .connectionLost)
    }

    @Test func `waits for a server that is gone only where something has come`() async throws {
        let (sink, _) = try await download(
            Reply(fields: Self.tag, text: "hello", ending: .connectionLost),
            Reply(ending: .cannotConnect),
            Reply(status: 206, fields: Self.part("5-10/11"), text: " world"),
            attempts: 3,
            repeatsConnecting: false
        )
        #expect(sink.text == "hello world")
        let error = await #expect(throws: ClientError.self) {
            try await download(Reply(ending: .cannotConnect), Reply(), repeatsConnecting: false)
        }
        #expect(error?.code == .cannotConnect)
    }
}
