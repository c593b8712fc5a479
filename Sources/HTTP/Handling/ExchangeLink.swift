import Synchronization

/// What a connection and the handler of its current request know of each other.
///
/// The handler's threads send through the shard's mailbox; the shard tells the handler that the
/// client left, and that a stream has room again.
final class ExchangeLink: Sendable {
    private struct State {
        var isOpen = true
        var isAnswered = false
        var hasStarted = false
        /// The bytes of a stream in the mailbox, and those that the connection has not sent.
        var posted = 0
        var queued = 0
        var isFull = false
        /// The unsent bytes of a stream beyond which no more is welcome.
        var welcome: Int
        var onClose: (@Sendable () -> Void)?
        var onDrain: (@Sendable () -> Void)?
    }

    private let mailbox: Mailbox
    private let ticket: Ticket
    private let limits: HTTPServerLimits
    private let state: Mutex<State>

    init(mailbox: Mailbox, ticket: Ticket, limits: HTTPServerLimits) {
        self.mailbox = mailbox
        self.ticket = ticket
        self.limits = limits
        state = Mutex(State(welcome: limits.streamBytes))
    }

    var isOpen: Bool { state.withLock(\.isOpen) }

    /// Calls back once when the client leaves; at once when it has left, never after the answer.
    func setOnClose(_ callback: @escaping @Sendable () -> Void) {
        let isLate = state.withLock { state in
            guard state.isOpen else { return !state.isAnswered }
            state.onClose = callback
            return false
        }
        if isLate { callback() }
    }

    func setOnDrain(_ callback: @escaping @Sendable () -> Void) {
        state.withLock { $0.onDrain = callback }
    }

    /// Sends the whole answer; false when there was one.
    func send(_ response: Response) -> Bool {
        guard claimAnswer() else { return false }
        mailbox.post(.respond(ticket, response))
        return true
    }

    /// Tells the connection that no answer comes any more, unless it is complete.
    func abandon() {
        if claimAnswer() { mailbox.post(.abandon(ticket)) }
    }

    private func claimAnswer() -> Bool {
        let (isFirst, callbacks) = state.withLock { state in
            let isFirst = !state.isAnswered
            state.isAnswered = true
            state.isOpen = false
            let callbacks = (state.onClose, state.onDrain)
            (state.onClose, state.onDrain) = (nil, nil)
            return (isFirst, callbacks)
        }
        // Released here, outside the lock: a callback may hold what ends in this link.
        _ = callbacks
        return isFirst
    }
}

extension ExchangeLink {
    func startStream(_ status: Status, _ fields: Fields, length: Int?) {
        let mayStart = state.withLock { state in
            precondition(!state.hasStarted, "a stream starts once")
            state.hasStarted = true
            return !state.isAnswered
        }
        if mayStart { mailbox.post(.startStream(ticket, status, fields, length: length)) }
    }

    /// Sends a piece of a stream; false when the next one should wait, or the client has left.
    func writeStream(_ bytes: [UInt8]) -> Bool {
        guard !bytes.isEmpty else { return isOpen }
        enum Verdict { case closed, cutOff, sent(isWelcome: Bool) }
        let verdict: Verdict = state.withLock { state in
            precondition(state.hasStarted, "a stream must be started before it is written to")
            guard state.isOpen else { return .closed }
            state.posted += bytes.count
            let unsent = state.posted + state.queued
            if unsent > limits.streamCutoffBytes { return .cutOff }
            // Posted under the lock, so that pieces of several threads keep their order and a
            // drain that happens at once is not missed.
            state.isFull = unsent > state.welcome
            mailbox.post(.writeStream(ticket, bytes))
            return .sent(isWelcome: !state.isFull)
        }
        switch verdict {
        case .closed: return false
        case .cutOff:
            abandon()
            return false
        case .sent(let isWelcome): return isWelcome
        }
    }

    func setWelcome(_ bytes: Int) {
        state.withLock { $0.welcome = bytes }
    }

    /// Sends one piece to many streams, by one message to each shard.
    ///
    /// - Returns: The places in `links` of those whose next piece should wait, or that have left.
    static func write(_ bytes: [UInt8], to links: [ExchangeLink]) -> [Int] {
        guard !bytes.isEmpty else { return links.indices.filter { !links[$0].isOpen } }
        var tickets: [ObjectIdentifier: (mailbox: Mailbox, tickets: [Ticket])] = [:]
        var unwelcome: [Int] = []
        for (index, link) in links.enumerated() {
            let (isSent, isWelcome, isCutOff) = link.admit(bytes.count)
            if isSent {
                let shard = ObjectIdentifier(link.mailbox)
                tickets[shard, default: (link.mailbox, [])].tickets.append(link.ticket)
            }
            if isCutOff { link.abandon() }
            if !isWelcome { unwelcome.append(index) }
        }
        for (mailbox, tickets) in tickets.values { mailbox.post(.writeStreams(tickets, bytes)) }
        return unwelcome
    }

    /// Counts a piece that is about to be posted.
    ///
    /// A drain is not missed: the shard looks at what is unsent again when it has taken the piece.
    private func admit(_ count: Int) -> (isSent: Bool, isWelcome: Bool, isCutOff: Bool) {
        state.withLock { state in
            precondition(state.hasStarted, "a stream must be started before it is written to")
            guard state.isOpen else { return (false, false, false) }
            state.posted += count
            let unsent = state.posted + state.queued
            if unsent > limits.streamCutoffBytes { return (false, false, true) }
            state.isFull = unsent > state.welcome
            return (true, !state.isFull, false)
        }
    }

    func finishStream() {
        precondition(state.withLock(\.hasStarted), "a stream must be started before it is finished")
        if claimAnswer() { mailbox.post(.finishStream(ticket)) }
    }

    /// The connection took a piece out of the mailbox.
    func pieceTaken(_ bytes: Int) {
        state.withLock { $0.posted -= bytes }
    }

    /// The connection has this many bytes unsent.
    func unsentChanged(_ bytes: Int) {
        let callback = state.withLock { state -> (@Sendable () -> Void)? in
            state.queued = bytes
            guard state.isFull, state.posted + bytes <= state.welcome / 2 else { return nil }
            state.isFull = false
            return state.onDrain
        }
        callback?()
    }

    /// The client left, or will send no more: it has most likely left.
    func clientLeft() {
        let (callback, drain) = state.withLock { state in
            let callbacks = (state.onClose, state.onDrain)
            state.isOpen = false
            (state.onClose, state.onDrain) = (nil, nil)
            return callbacks
        }
        _ = drain
        callback?()
    }
}
