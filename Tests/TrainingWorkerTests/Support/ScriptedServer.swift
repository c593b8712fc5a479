import Synchronization
import TrainingAPI
import TrainingClient

/// A transport that answers a worker by a script and remembers what it was asked.
final class ScriptedServer: ClientTransport {
    /// A message of a worker.
    enum Message {
        case lease(LeaseRequest)
        case report(WorkerReport)
        case completion(WorkerCompletion)

        /// The kind of message: `lease`, `report`, `completion`.
        var name: String {
            switch self {
            case .lease: "lease"
            case .report: "report"
            case .completion: "completion"
            }
        }
    }

    /// What the server does with a message.
    enum Reply {
        case job(LeasedJob)
        case receipt(ReportReceipt)
        case nothing
        case refusal(Problem)
        /// No answer comes.
        case silence
        /// Holds the message until its sender gives up.
        case hold
    }

    private let script: @Sendable (Message, _ number: Int) async -> Reply
    private let beat: @Sendable (_ number: Int) async -> Reply
    private let streaming: @Sendable () async -> Void
    private let messages = Mutex<[Message]>([])
    private let beats = Mutex(0)

    /// Makes a server; `number` counts the messages from 1, and heartbeats by themselves.
    ///
    /// It has no file: who asks for one is told so once `streaming` has returned.
    init(
        beat: @escaping @Sendable (_ number: Int) async -> Reply = { _ in
            .receipt(Sample.receipt())
        },
        streaming: @escaping @Sendable () async -> Void = {},
        _ script: @escaping @Sendable (Message, _ number: Int) async -> Reply
    ) {
        self.script = script
        self.beat = beat
        self.streaming = streaming
    }

    /// How many heartbeats have come.
    var beatCount: Int { beats.withLock { $0 } }

    /// What was asked so far.
    var asked: [Message] { messages.withLock { $0 } }

    func send(_ request: ClientRequest) async throws(ClientError) -> ClientResponse {
        guard !request.url.hasSuffix("/heartbeat") else {
            let number = beats.withLock { beats in
                beats += 1
                return beats
            }
            return try await Self.response(to: request, await beat(number))
        }
        guard let message = Self.message(request) else {
            throw ClientError(code: .closed, operation: request.operation, detail: "not understood")
        }
        let number = messages.withLock { messages in
            messages.append(message)
            return messages.count
        }
        return try await Self.response(to: request, await script(message, number))
    }

    private static func response(
        to request: ClientRequest,
        _ reply: Reply
    ) async throws(ClientError) -> ClientResponse {
        switch reply {
        case .job(let job): return ClientResponse(status: 200, body: job.json())
        case .receipt(let receipt): return ClientResponse(status: 200, body: receipt.json())
        case .nothing: return ClientResponse(status: 204)
        case .refusal(let problem):
            return ClientResponse(status: problem.status, body: problem.json())
        case .silence:
            throw ClientError(
                code: .connectionLost,
                operation: request.operation,
                detail: "the connection was lost"
            )
        case .hold:
            let (never, _) = AsyncStream<Void>.makeStream()
            for await _ in never {}
            throw ClientError(
                code: .cancelled,
                operation: request.operation,
                detail: "the request was cancelled"
            )
        }
    }

    func stream(_ request: ClientRequest) async throws(ClientError) -> StreamedResponse {
        await streaming()
        throw ClientError(code: .closed, operation: request.operation, detail: "nothing streams")
    }

    func close() async {}

    private static func message(_ request: ClientRequest) -> Message? {
        guard let document = try? JSONReader.read(request.body ?? []).document else { return nil }
        var context = DecodingContext()
        switch request.url.split(separator: "/").last {
        case "leases":
            return LeaseRequest(document, at: .root, &context).map { .lease($0) }
        case "report":
            return WorkerReport(document, at: .root, &context).map { .report($0) }
        case "completion":
            return WorkerCompletion(document, at: .root, &context).map { .completion($0) }
        default: return nil
        }
    }
}
