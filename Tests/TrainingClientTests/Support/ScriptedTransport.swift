import Synchronization

@testable import TrainingClient

/// A transport that answers from a list and remembers what it was asked.
final class ScriptedTransport: ClientTransport {
    private let state:
        Mutex<(answers: [Result<ClientResponse, ClientError>], requests: [ClientRequest])>

    init(_ answers: Result<ClientResponse, ClientError>...) {
        state = Mutex((answers, []))
    }

    /// What was asked so far.
    var requests: [ClientRequest] { state.withLock { $0.requests } }

    func send(_ request: ClientRequest) async throws(ClientError) -> ClientResponse {
        let answer = state.withLock { state in
            state.requests.append(request)
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
        let response = try await send(request)
        return StreamedResponse(
            status: response.status,
            fields: response.fields,
            body: ResponseBody(response.body)
        )
    }

    func close() async {}
}

/// A clock that does not wait and remembers how long it should have.
final class RecordingClock: Clock, Sendable {
    typealias Instant = ContinuousClock.Instant

    private let state = Mutex((now: ContinuousClock.now, sleeps: [Duration]()))

    var now: Instant { state.withLock { $0.now } }
    var minimumResolution: Duration { .nanoseconds(1) }
    var sleeps: [Duration] { state.withLock { $0.sleeps } }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        try Task.checkCancellation()
        state.withLock { state in
            state.sleeps.append(state.now.duration(to: deadline))
            state.now = deadline
        }
    }
}

extension Result where Success == ClientResponse, Failure == ClientError {
    static func answer(
        _ status: Int,
        _ body: String = "",
        fields: ClientFields = [:]
    ) -> Self {
        .success(ClientResponse(status: status, fields: fields, body: Array(body.utf8)))
    }

    static func error(_ code: ClientError.Code) -> Self {
        .failure(ClientError(code: code, operation: "test", detail: "\(code)"))
    }
}
