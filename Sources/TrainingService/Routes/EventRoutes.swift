internal import Foundation
internal import HTTP
internal import Jobs
internal import TrainingAPI

/// What happens to a job, as it happens: its events and its log.
struct EventRoutes {
    /// The unsent bytes beyond which a reader must wait: a thousand that have stopped reading must not
    /// fill the memory.
    private static let welcomeBytes = 64 << 10

    let service: Service

    func register(on router: inout Router) {
        router.streaming(.get, "/v1/jobs/{id}/events") { request, stream in
            Self.run(request, stream) { try events(request, stream) }
        }
        router.streaming(.get, "/v1/jobs/{id}/logs") { request, stream in
            Self.run(request, stream) { try logs(request, stream) }
        }
    }

    private static func run(
        _ request: Request,
        _ stream: ResponseStream,
        _ body: () throws -> Void
    ) {
        do {
            try body()
        } catch {
            stream.send(Answer.problem(Problem(mapping: error), for: request))
        }
    }

    // MARK: - Events

    private func events(_ request: Request, _ stream: ResponseStream) throws {
        var query = QueryReader(request)
        let after = query.integer("after", in: 0...Int.max)
        let wait = query.number("wait_seconds", in: 0...30)
        let header = request.fields["Last-Event-ID"]
        let last = header.flatMap { Int($0) }
        if header != nil, last.map({ $0 < 0 }) ?? true {
            query.report("Last-Event-ID", "must be the number of an event, not \"\(header ?? "")\"")
        }
        try query.finish()
        let id = try id(of: request)
        // A job that is not there is told before anything else.
        _ = try service.store.job(id)
        let number = last ?? after ?? 0
        let asked = after != nil || wait != nil
        let types =
            asked ? ["application/json", Self.streamType] : [Self.streamType, "application/json"]
        switch Accept(request.fields["Accept"]).best(of: types) {
        case Self.streamType?: follow(id, .stream, after: number, stream)
        case .some: poll(id, after: number, for: wait ?? 0, request, stream)
        case nil:
            throw Problem(
                status: 406,
                detail: "Events are sent as text/event-stream or application/json."
            )
        }
    }

    private static let streamType = "text/event-stream"

    private func follow(
        _ id: JobID,
        _ format: EventFormat,
        after number: Int,
        _ stream: ResponseStream,
        follows: Bool = true
    ) {
        let type = format == .stream ? Self.streamType : "text/plain; charset=utf-8"
        stream.setWelcome(bytes: Self.welcomeBytes)
        stream.start(
            status: .ok,
            // Some proxies hold a stream back unless they are told not to.
            fields: ["Content-Type": type, "Cache-Control": "no-store", "X-Accel-Buffering": "no"]
        )
        if format == .stream { stream.write(Array("retry: 1000\n\n".utf8)) }
        guard stream.isOpen else { return }
        service.events.follow(id, format, after: number, to: stream, follows: follows)
    }

    private func poll(
        _ id: JobID,
        after number: Int,
        for seconds: Double,
        _ request: Request,
        _ stream: ResponseStream
    ) {
        let deadline = ContinuousClock.now + .seconds(seconds)
        service.events.poll(
            EventPoll(job: id, number: number, deadline: deadline) { result in
                switch result {
                case .success(let page):
                    stream.send(Answer.json(Self.body(page, after: number)))
                case .failure(let error):
                    stream.send(Answer.problem(Problem(mapping: error), for: request))
                }
            }
        )
    }

    private static func body(_ page: JobEventPage, after number: Int) -> [UInt8] {
        let isComplete = page.state.isTerminal && !page.hasMore
        var bodies = EventBody.bodies(page.events, after: number)
        if isComplete { bodies.append(.end(page.state)) }
        var writer = JSONWriter(capacity: 256 * (bodies.count + 1))
        writer.object { writer in
            writer.field("items", bodies)
            writer.field("last_event_id", page.events.last?.id ?? min(number, page.last))
            writer.field("complete", isComplete)
        }
        return writer.bytes
    }

    // MARK: - Log

    private func logs(_ request: Request, _ stream: ResponseStream) throws {
        var query = QueryReader(request)
        let follows = query.flag("follow")
        try query.finish()
        let id = try id(of: request)
        _ = try service.store.job(id)
        follow(id, .text, after: 0, stream, follows: follows)
    }
}
