import Foundation
import TrainingAPI

/// A client of one Lehr server.
///
/// Every call may be repeated without harm, and is, as the ``RetryPolicy`` says: reads change nothing,
/// a submission carries an idempotency key, and a worker's messages are numbered.
public struct LehrClient: Sendable {
    /// The server.
    public let server: ServerAddress
    private let token: String?
    private let transport: any ClientTransport
    private let retries: RetryPolicy
    private let clock: any Clock<Duration>
    private let jitter: @Sendable () -> Double

    /// Makes a client.
    ///
    /// - Parameters:
    ///   - server: The server.
    ///   - token: The token of a server that wants one; sent with every request.
    ///   - transport: What carries the requests; closed by whoever made it.
    ///   - retries: When a request is sent again.
    ///   - clock: What measures the waits between attempts.
    ///   - jitter: A random number in 0..<1 for each wait.
    public init(
        server: ServerAddress,
        token: String? = nil,
        transport: any ClientTransport,
        retries: RetryPolicy = RetryPolicy(),
        clock: any Clock<Duration> = ContinuousClock(),
        jitter: @escaping @Sendable () -> Double = { .random(in: 0..<1) }
    ) {
        self.server = server
        self.token = token
        self.transport = transport
        self.retries = retries
        self.clock = clock
        self.jitter = jitter
    }

    // MARK: - Calls

    /// Sends a request and reads its answer.
    func call<Value: Sendable>(
        _ call: ClientCall,
        reading read: (Document) -> Value?
    ) async throws(ClientError) -> Answer<Value> {
        let request = request(call)
        let response = try await send(request)
        return try Self.answer(response, to: request, reading: read)
    }

    /// Sends a request whose answer may be empty: 204 gives `nil`.
    func callOptional<Value: Sendable>(
        _ call: ClientCall,
        reading read: (Document) -> Value?
    ) async throws(ClientError) -> Answer<Value?> {
        let request = request(call)
        let response = try await send(request)
        guard response.status != 204 else {
            return Answer(value: nil, status: 204, fields: response.fields, body: [])
        }
        let answer = try Self.answer(response, to: request, reading: read)
        return Answer(
            value: answer.value,
            status: answer.status,
            fields: answer.fields,
            body: answer.body
        )
    }

    /// Sends a request and gives its answer's content as it comes.
    func stream(_ call: ClientCall) async throws(ClientError) -> ResponseBody {
        try await answer(call).body
    }

    /// Sends a request and gives the head of its answer, with the content as it comes.
    func answer(_ call: ClientCall) async throws(ClientError) -> StreamedResponse {
        let request = request(call)
        return try await repeating { () async throws(ClientError) in
            let response = try await transport.stream(request)
            guard response.status < 400 else {
                let body = try await response.body.collect(upTo: 1 << 20)
                throw ClientError(
                    refusing: request,
                    ClientResponse(status: response.status, fields: response.fields, body: body)
                )
            }
            return response
        }
    }

    /// A call in the words of an error message.
    func operation(of call: ClientCall) -> String { request(call).operation }

    private func send(_ request: ClientRequest) async throws(ClientError) -> ClientResponse {
        try await repeating { () async throws(ClientError) in
            let response = try await transport.send(request)
            guard response.status < 400 else { throw ClientError(refusing: request, response) }
            return response
        }
    }

    private func repeating<Value: Sendable>(
        _ attempt: () async throws(ClientError) -> Value
    ) async throws(ClientError) -> Value {
        var attempts = 1
        while true {
            do {
                return try await attempt()
            } catch {
                try await pause(after: error, attempt: attempts)
                attempts += 1
            }
        }
    }

    /// Waits until a request may be sent again that was sent `attempt` times.
    ///
    /// - Throws: The error where it stands; `ClientError` with the code `cancelled`.
    func pause(after error: ClientError, attempt: Int) async throws(ClientError) {
        let delay = retries.delay(after: error, attempt: attempt, jitter: jitter())
        guard let delay else { throw error }
        try await sleep(delay, after: error)
    }

    /// Waits before repeat `count`, from 0, of what has failed with `error`.
    ///
    /// - Throws: `ClientError` with the code `cancelled`.
    func pause(beforeRepeat count: Int, after error: ClientError) async throws(ClientError) {
        try await sleep(retries.delay(beforeRepeat: count, jitter: jitter()), after: error)
    }

    private func sleep(
        _ delay: Duration,
        after error: ClientError
    ) async throws(ClientError) {
        do {
            try await clock.sleep(for: delay)
        } catch is CancellationError {
            throw ClientError(
                code: .cancelled,
                operation: error.operation,
                detail: "the request was cancelled while it waited to be sent again"
            )
        } catch {
            preconditionFailure("a clock throws nothing but CancellationError")
        }
    }

    private func request(_ call: ClientCall) -> ClientRequest {
        var fields: ClientFields = ["Accept": call.accept]
        if let token { fields["Authorization"] = "Bearer \(token)" }
        if let content = call.content { fields["Content-Type"] = content.mediaType }
        for (name, value) in call.fields { fields[name] = value }
        var request = ClientRequest(
            call.method,
            server.url + call.target.description,
            fields: fields,
            body: call.content?.bytes,
            timeouts: call.timeouts
        )
        request.upload = call.upload
        return request
    }

    private static func answer<Value>(
        _ response: ClientResponse,
        to request: ClientRequest,
        reading read: (Document) -> Value?
    ) throws(ClientError) -> Answer<Value> {
        let detail: String
        do {
            let (document, _) = try JSONReader.read(response.body)
            if let value = read(document) {
                return Answer(
                    value: value,
                    status: response.status,
                    fields: response.fields,
                    body: response.body
                )
            }
            detail = "fields are missing or of another type"
        } catch {
            detail = error.detail
        }
        throw ClientError(
            code: .malformedResponse,
            operation: request.operation,
            detail: "the answer to \(request.operation) is not one of a Lehr server: \(detail)"
        )
    }
}
