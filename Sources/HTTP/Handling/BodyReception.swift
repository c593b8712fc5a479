import Synchronization

/// A body on its way from a connection into a file.
///
/// The connection appends what it reads; a thread of the bodies' pool writes it. When more waits to
/// be written than is good, the connection stops reading until the writer has caught up, so that a
/// client is never faster than the disk for long.
final class BodyReception: Sendable {
    private struct State {
        var file: BodyFile?
        var pieces: [[UInt8]] = []
        /// The bytes of `pieces`, and of those that are being written.
        var unwritten = 0
        var isWriting = false
        /// Whether the connection waits for what it appended to be written.
        var isAwaited = false
        var isCancelled = false
        /// What takes the whole body; set when its last byte has come.
        var completion: (@Sendable (BodyFile) -> Void)?
    }

    /// What the writer does next.
    private enum Turn {
        case write([[UInt8]], BodyFile)
        /// Hands the whole body on.
        case complete(@Sendable (BodyFile) -> Void, BodyFile)
        case rest
    }

    /// The unwritten bytes beyond which the connection waits.
    private static let limit = 512 * 1_024

    private let ticket: Ticket
    private let mailbox: Mailbox
    private let context: ServerContext
    private let state = Mutex(State())

    init(ticket: Ticket, mailbox: Mailbox, context: ServerContext) {
        self.ticket = ticket
        self.mailbox = mailbox
        self.context = context
    }

    /// Makes the file, on a thread that may block.
    func open(_ makeFile: () throws(RequestFault) -> BodyFile) {
        do throws(RequestFault) {
            let file = try makeFile()
            let isWanted = state.withLock { state in
                if !state.isCancelled { state.file = file }
                return !state.isCancelled
            }
            if isWanted { mailbox.post(.body(ticket, .accepted)) }
        } catch {
            fail(error)
        }
    }

    /// Answers the request without its body.
    func refuse(_ response: Response) {
        mailbox.post(.body(ticket, .refused(response)))
    }

    /// Takes a piece, whose bytes the budget of bodies has; false when the connection should wait for
    /// ``BodyEvent/drained``.
    func append(_ piece: [UInt8]) -> Bool {
        let (starts, goesOn) = state.withLock { state in
            state.pieces.append(piece)
            state.unwritten += piece.count
            state.isAwaited = state.unwritten > Self.limit
            defer { state.isWriting = true }
            return (!state.isWriting, !state.isAwaited)
        }
        if starts { startWriter() }
        return goesOn
    }

    /// Calls back with the file once all of it is written; no piece comes after this.
    func finish(_ completion: @escaping @Sendable (BodyFile) -> Void) {
        let starts = state.withLock { state in
            state.completion = completion
            defer { state.isWriting = true }
            return !state.isWriting
        }
        if starts { startWriter() }
    }

    /// Drops the body, unless a handler has it; the file goes on a thread that may block.
    func cancel() {
        let (file, bytes) = state.withLock { state in
            state.isCancelled = true
            state.completion = nil
            let bytes = state.pieces.reduce(0) { $0 + $1.count }
            state.pieces = []
            state.unwritten -= bytes
            // A writer at work lets go of it when it is done.
            guard !state.isWriting else { return (BodyFile?.none, bytes) }
            defer { state.file = nil }
            return (state.file, bytes)
        }
        context.bodyBudget.release(bytes)
        // Held by the closure alone; where the pool has stopped, it goes here and now.
        if let file { _ = context.bodyPool.submit { _ = file } }
    }

    private func startWriter() {
        // The pool refuses work only when the server has stopped, and then nobody waits for it.
        _ = context.bodyPool.submit { [self] in write() }
    }

    /// Writes until nothing waits; on the bodies' pool, one thread at a time.
    private func write() {
        while true {
            switch nextTurn() {
            case .write(let pieces, let file):
                guard write(pieces, to: file) else { return }
            case .complete(let completion, let file):
                return completion(file)
            case .rest:
                return
            }
        }
    }

    private func nextTurn() -> Turn {
        let (turn, dropped) = state.withLock { state -> (Turn, BodyFile?) in
            if !state.isCancelled, let file = state.file, !state.pieces.isEmpty {
                defer { state.pieces = [] }
                return (.write(state.pieces, file), nil)
            }
            state.isWriting = false
            guard state.isCancelled || state.completion != nil else { return (.rest, nil) }
            defer { (state.file, state.completion) = (nil, nil) }
            guard let completion = state.completion, let file = state.file else {
                return (.rest, state.file)
            }
            return (.complete(completion, file), nil)
        }
        // A file that nobody wants is deleted here, outside the lock, where it may take its time.
        _ = dropped
        return turn
    }

    /// Writes pieces; false, and the file gone, where they cannot be stored.
    private func write(_ pieces: [[UInt8]], to file: BodyFile) -> Bool {
        let bytes = pieces.reduce(0) { $0 + $1.count }
        do throws(RequestFault) {
            for piece in pieces { try file.append(piece) }
        } catch {
            context.bodyBudget.release(bytes)
            let dropped = state.withLock { state in
                state.unwritten -= bytes
                state.isWriting = false
                defer { state.file = nil }
                return state.file
            }
            _ = dropped
            fail(error)
            return false
        }
        // Before the connection is told to read on, which takes from the budget again.
        context.bodyBudget.release(bytes)
        let wakes = state.withLock { state in
            state.unwritten -= bytes
            guard state.isAwaited, state.unwritten <= Self.limit / 2 else { return false }
            state.isAwaited = false
            return true
        }
        if wakes { mailbox.post(.body(ticket, .drained)) }
        return true
    }

    private func fail(_ fault: RequestFault) {
        if fault.status == .internalServerError { context.report("receive", fault.detail) }
        mailbox.post(.body(ticket, .failed(fault)))
    }
}
