import Synchronization
import TrainingAPI
import TrainingClient

/// A transport that answers from a list and remembers the targets that were asked for.
///
/// Events are not on the list: something always happens, and the newest has the number 7.
final class ListTransport: ClientTransport {
    private let state: Mutex<(answers: [Result<ClientResponse, ClientError>], targets: [String])>
    private let beforeEach: @Sendable () -> Void

    /// A transport that calls `beforeEach` before each answer of the list.
    init(
        _ answers: [Result<ClientResponse, ClientError>],
        beforeEach: @escaping @Sendable () -> Void = {}
    ) {
        state = Mutex((answers, []))
        self.beforeEach = beforeEach
    }

    /// A client that asks this transport once for each call.
    var client: LehrClient {
        LehrClient(server: .local, transport: self, retries: .never)
    }

    /// The targets that were asked for, in order.
    var targets: [String] { state.withLock { $0.targets } }

    func send(_ request: ClientRequest) async throws(ClientError) -> ClientResponse {
        guard !request.url.contains("/events?") else {
            return ClientResponse(status: 200, body: Array(#"{"last_event_id": 7}"#.utf8))
        }
        beforeEach()
        let answer = state.withLock { state in
            state.targets.append(String(request.url.dropFirst(ServerAddress.local.url.count)))
            return state.answers.isEmpty ? nil : state.answers.removeFirst()
        }
        guard let answer else {
            throw ClientError(
                code: .closed,
                operation: request.operation,
                detail: "asked too often"
            )
        }
        return try answer.get()
    }

    func stream(_ request: ClientRequest) async throws(ClientError) -> StreamedResponse {
        guard !request.url.hasSuffix("/events") else {
            let events = String(repeating: "event: state\ndata: {}\n\n", count: 100)
            return StreamedResponse(
                status: 200,
                fields: [:],
                body: ResponseBody(Array(events.utf8))
            )
        }
        let response = try await send(request)
        return StreamedResponse(
            status: response.status,
            fields: response.fields,
            body: ResponseBody(response.body)
        )
    }

    func close() async {}
}

extension Result where Success == ClientResponse, Failure == ClientError {
    /// An answer that holds a value as JSON.
    static func answer(_ value: some JSONWritable, status: Int = 200) -> Self {
        .success(ClientResponse(status: status, body: value.json()))
    }

    /// A page of jobs.
    static func page(_ jobs: [JobBody], next: String? = nil) -> Self {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("items", jobs)
            writer.field("next_cursor", next)
        }
        return .success(ClientResponse(status: 200, body: writer.bytes))
    }

    /// A failure of the connection.
    static func error(_ code: ClientError.Code) -> Self {
        .failure(ClientError(code: code, operation: "test", detail: "\(code)"))
    }
}

/// A clock that does not wait and counts how often it should have.
final class CountingClock: Clock, Sendable {
    private let state = Mutex((now: ContinuousClock.now, sleeps: 0))

    var now: ContinuousClock.Instant { state.withLock { $0.now } }
    var minimumResolution: Duration { .nanoseconds(1) }
    /// How often something slept.
    var sleeps: Int { state.withLock { $0.sleeps } }

    /// Lets time pass in which nothing sleeps.
    func advance(by duration: Duration) {
        state.withLock { $0.now += duration }
    }

    func sleep(until deadline: ContinuousClock.Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        state.withLock { state in
            state.now = deadline
            state.sleeps += 1
        }
    }
}
