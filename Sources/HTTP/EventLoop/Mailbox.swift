import CHTTPSockets
import Glibc
import Synchronization

/// Which answer on which connection a message is for.
///
/// Connections live in numbered slots that are used again; the generation tells a message for a
/// connection that is gone from one for its successor.
struct Ticket: Sendable, Hashable {
    var slot: UInt32
    var generation: UInt32
    /// Counts the requests of the connection.
    var exchange: UInt32 = 0

    /// What epoll hands back with an event of the connection.
    var token: UInt64 { UInt64(generation) << 32 | UInt64(slot) }
}

/// What other threads ask of a shard.
enum Message: Sendable {
    case adopt(Arrival)
    case respond(Ticket, Response)
    /// The handler let go of its answer before it was complete.
    case abandon(Ticket)
    /// The stream has this many bytes, where that is known.
    case startStream(Ticket, Status, Fields, length: Int?)
    case writeStream(Ticket, [UInt8])
    /// The same piece to many streams.
    case writeStreams([Ticket], [UInt8])
    case finishStream(Ticket)
    /// Something happened to a body that goes to a file.
    case body(Ticket, BodyEvent)
    /// Close the connection that is idle longest: there are no descriptors left.
    case evictIdle
    /// Close what is idle, and the rest when it is answered.
    case drain
    /// Close everything.
    case terminate
}

/// The way into a shard from any thread: a list under a lock, and an eventfd that wakes the shard
/// once however many messages wait.
final class Mailbox: Sendable {
    private struct State {
        var messages: [Message] = []
        var isClosed = false
    }

    /// Readable while messages wait.
    let descriptor: Int32
    private let state = Mutex(State())

    init() throws(HTTPServerError) {
        descriptor = chttp_wakeup_create()
        guard descriptor >= 0 else { throw .system(operation: "eventfd", errno: errno) }
    }

    deinit {
        close(descriptor)
    }

    /// Leaves a message; false when the shard has ended and nobody will read it.
    @discardableResult
    func post(_ message: Message) -> Bool {
        let (isFirst, isOpen) = state.withLock { state in
            guard !state.isClosed else { return (false, false) }
            state.messages.append(message)
            return (state.messages.count == 1, true)
        }
        if isFirst { chttp_wakeup_signal(descriptor) }
        return isOpen
    }

    /// Takes every message, on the shard.
    func take() -> [Message] {
        chttp_wakeup_clear(descriptor)
        return state.withLock { state in
            let messages = state.messages
            state.messages = []
            return messages
        }
    }

    /// Ends the mailbox; returns what nobody will read otherwise.
    func end() -> [Message] {
        state.withLock { state in
            state.isClosed = true
            let messages = state.messages
            state.messages = []
            return messages
        }
    }
}
