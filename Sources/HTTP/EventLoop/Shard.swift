import CHTTPSockets
import Dispatch
import Glibc

/// An event loop with its own part of the connections.
///
/// A shard is one serial queue and one `DispatchSource` on the shard's own epoll descriptor, which
/// is readable while any connection is. The source fires when the first of them is ready, and not
/// for each: the speed of a bare epoll loop, with the confinement and timers of Dispatch.
/// Other threads reach it through its mailbox alone.
final class Shard: @unchecked Sendable {
    // Unchecked: every `var` is read and written on `queue` alone.

    let context: ServerContext
    let limits: HTTPServerLimits
    let deadlines: HTTPServerDeadlines
    let mailbox: Mailbox
    /// The time of the batch being worked on.
    private(set) var now = ContinuousClock.now
    /// Where bytes are received before a parser takes them.
    let scratch: UnsafeMutableRawBufferPointer
    var date = HTTPDate()
    var idle = IdleList()
    var identifiers: RequestIdentifiers
    private(set) var isDraining = false

    private static let mailboxToken = UInt64.max
    /// How many milliseconds a shard waits for the next event before it leaves that to Dispatch.
    private static let patience: Int32 = 5
    /// How long a shard works before others of its queue have their turn.
    private static let turn = Duration.milliseconds(20)
    private let queue: DispatchQueue
    private let poller: Poller
    private var source: (any DispatchSourceRead)?
    private var timer: (any DispatchSourceTimer)?
    private let events: UnsafeMutableBufferPointer<chttp_event>
    private var connections = ConnectionTable<Connection>()

    init(index: Int, context: ServerContext) throws(HTTPServerError) {
        self.context = context
        limits = context.configuration.limits
        deadlines = context.configuration.deadlines
        mailbox = try Mailbox()
        poller = try Poller()
        scratch = .allocate(byteCount: 64 * 1_024, alignment: 16)
        events = .allocate(capacity: Poller.batch)
        queue = DispatchQueue(label: "http-shard-\(index)")
        identifiers = RequestIdentifiers(instance: context.instance, shard: index)
        guard poller.add(mailbox.descriptor, .readable, token: Self.mailboxToken) else {
            throw .system(operation: "epoll_ctl", errno: errno)
        }
    }

    deinit {
        poller.close()
        scratch.deallocate()
        events.deallocate()
    }

    /// Begins to work; `ended` is called when ``Message/terminate`` has been done.
    ///
    /// The sources are made here and not before: Dispatch traps when one is let go unused.
    func start(ended: @escaping @Sendable () -> Void) {
        queue.sync {
            let timer = DispatchSource.makeTimerSource(queue: queue)
            timer.setEventHandler { @Sendable [self] in expire() }
            timer.schedule(deadline: .distantFuture)
            timer.activate()
            self.timer = timer
            let source = DispatchSource.makeReadSource(
                fileDescriptor: poller.descriptor,
                queue: queue
            )
            // The handlers hold the shard until both sources are cancelled.
            source.setEventHandler { @Sendable [self] in drain() }
            source.setCancelHandler { @Sendable in ended() }
            source.activate()
            self.source = source
        }
    }

    /// Works on what is ready, and on what becomes so soon after; the source fires again while something is.
    ///
    /// To be called again costs two changes of threads, to that of Dispatch's sources and back. So a shard at
    /// work waits for the next event itself; in between it gives the others of its queue, its deadlines, their
    /// turn.
    private func drain() {
        dispatchPrecondition(condition: .onQueue(queue))
        let end = ContinuousClock.now + Self.turn
        while now < end, source?.isCancelled == false {
            let count = poller.collect(into: events, waiting: Self.patience)
            guard count > 0 else { return }
            now = .now
            for event in events[..<count] {
                if event.token == Self.mailboxToken {
                    readMailbox()
                } else {
                    connections[token: event.token]?.handle(
                        Readiness(rawValue: event.readiness)
                    )
                }
            }
        }
    }

    private func expire() {
        now = .now
        for connection in connections.elements { connection.expire() }
    }
}

extension Shard {
    /// Waits for something else on a connection's descriptor.
    func wait(for interest: Readiness, on descriptor: Int32, _ ticket: Ticket) {
        poller.change(descriptor, interest, token: ticket.token)
    }

    private func adopt(_ arrival: Arrival) {
        if isDraining || !makesRoom(for: arrival) {
            if !isDraining { turnAway(arrival) }
            SocketTransport(descriptor: arrival.descriptor).close()
            return context.admission.leave(arrival)
        }
        let transport = context.configuration.makeTransport(arrival.descriptor)
        let connection = connections.insert { ticket in
            Connection(arrival: arrival, transport: transport, shard: self, ticket: ticket)
        }
        if connections.count == 1 { armTimer() }
        idle.append(connection)
        let interest: Readiness = [.readable, .peerClosed]
        guard poller.add(arrival.descriptor, interest, token: connection.ticket.token) else {
            context.report("epoll_ctl", "a connection of \(arrival.address) cannot be waited for")
            return connection.abort()
        }
    }

    /// Forgets a connection that is closing; its slot gets a new generation.
    func forget(_ connection: Connection) {
        idle.remove(connection)
        connections.remove(connection.ticket)
        if connections.count == 0 { timer?.schedule(deadline: .distantFuture) }
        context.admission.leave(connection.arrival)
    }

    private func makesRoom(for arrival: Arrival) -> Bool {
        switch arrival.verdict {
        case .welcome: return true
        case .tooMany: return false
        case .full:
            guard let first = idle.first else { return false }
            first.abort()
            return true
        }
    }

    /// Answers 503 as far as the socket takes it at once.
    private func turnAway(_ arrival: Arrival) {
        let id = identifiers.next()
        let detail =
            switch arrival.verdict {
            case .tooMany: "too many connections from \(arrival.address)"
            case .full, .welcome: "too many connections"
            }
        let response = context.response(
            to: ServerFault(status: .serviceUnavailable, detail: detail, requestID: id)
        )
        let head = ResponseHead(
            status: response.status,
            fields: response.fields,
            framing: .length(response.body.count),
            persistence: .close,
            requestID: id
        )
        guard head.isSafe else { return }
        var bytes: [UInt8] = []
        head.write(date: date.current(), into: &bytes)
        bytes.append(contentsOf: response.body)
        let transport = context.configuration.makeTransport(arrival.descriptor)
        _ = bytes.withUnsafeBytes(transport.write)
        transport.finishWriting()
    }

    private func armTimer() {
        let interval = deadlines.resolution
        let nanoseconds = Int(interval / .nanoseconds(1))
        timer?.schedule(
            deadline: .now() + .nanoseconds(nanoseconds),
            repeating: .nanoseconds(nanoseconds),
            leeway: .nanoseconds(nanoseconds / 4)
        )
    }
}

extension Shard {
    private func readMailbox() {
        var touched: [Connection] = []
        func deliver(_ message: Message, to ticket: Ticket) {
            guard let connection = connections[token: ticket.token] else { return }
            connection.receive(message, for: ticket)
            guard !connection.isTouched else { return }
            connection.isTouched = true
            touched.append(connection)
        }
        for message in mailbox.take() {
            switch message {
            case .adopt(let arrival): adopt(arrival)
            case .evictIdle: idle.first?.abort()
            case .drain: beginDraining()
            case .terminate: return terminate()
            case .respond(let ticket, _), .abandon(let ticket), .startStream(let ticket, _, _, _),
                .writeStream(let ticket, _), .finishStream(let ticket), .body(let ticket, _):
                deliver(message, to: ticket)
            case .writeStreams(let tickets, let bytes):
                for ticket in tickets { deliver(.writeStream(ticket, bytes), to: ticket) }
            }
        }
        // Together, so that the pieces of one batch go out in one write.
        for connection in touched {
            connection.isTouched = false
            connection.advance()
        }
    }

    private func beginDraining() {
        isDraining = true
        for connection in connections.elements { connection.drain() }
    }

    private func terminate() {
        isDraining = true
        for connection in connections.elements { connection.abort() }
        for case .adopt(let arrival) in mailbox.end() { adopt(arrival) }
        timer?.cancel()
        source?.cancel()
    }
}

extension Shard {
    /// Tells the observer of an exchange that has ended.
    func record(_ exchange: Exchange, _ arrival: Arrival, isAborted: Bool) {
        guard let observer = context.observer else { return }
        // A client that left before anything was answered: nginx's 499 has no name in HTTP.
        guard let status = exchange.status ?? (isAborted ? Status(499) : nil) else { return }
        observer.answered(
            AccessRecord(
                requestID: exchange.requestID,
                traceparent: exchange.head?.traceparent,
                remoteAddress: arrival.address,
                client: exchange.client,
                method: exchange.head?.line.method,
                target: exchange.head?.line.rawTarget,
                template: exchange.match?.route.template.text,
                status: status,
                note: exchange.note,
                bodyBytes: exchange.sentBodyBytes,
                duration: now - exchange.began,
                isAborted: isAborted
            )
        )
    }
}
