import CHTTPSockets
import Dispatch
import Glibc

/// Accepts connections and deals them to the shards in turn.
final class Acceptor: @unchecked Sendable {
    // Unchecked: every `var` is read and written on `queue` alone.

    private let socket: ListeningSocket
    private let shards: [Shard]
    private let context: ServerContext
    private let queue = DispatchQueue(label: "http-acceptor")
    private let source: any DispatchSourceRead
    private let open = DispatchGroup()
    private var next = 0
    private var isResting = false

    init(socket: ListeningSocket, shards: [Shard], context: ServerContext) {
        self.socket = socket
        self.shards = shards
        self.context = context
        source = DispatchSource.makeReadSource(fileDescriptor: socket.descriptor, queue: queue)
    }

    func start() {
        source.setEventHandler { @Sendable [self] in acceptAll() }
        open.enter()
        source.setCancelHandler { @Sendable [socket, open] in
            socket.close()
            open.leave()
        }
        source.activate()
    }

    /// Closes the listening socket; connections that wait to be accepted are reset.
    func stop() {
        queue.sync {
            if isResting { source.resume() }
            isResting = false
            source.cancel()
        }
        open.wait()
    }

    private func acceptAll() {
        for _ in 0..<64 where !source.isCancelled {
            var storage = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let descriptor = chttp_accept(socket.descriptor, &storage, &length)
            if descriptor >= 0 {
                let peer = PeerAddress(&storage)
                deal(descriptor, peer)
            } else if !goesOn(after: errno) {
                return
            }
        }
    }

    private func deal(_ descriptor: Int32, _ peer: PeerAddress) {
        let arrival = context.admission.enter(
            descriptor: descriptor,
            address: peer.text,
            isLoopback: peer.isLoopback
        )
        let shard = shards[next]
        next = (next + 1) % shards.count
        guard shard.mailbox.post(.adopt(arrival)) else {
            close(descriptor)
            return context.admission.leave(arrival)
        }
    }

    /// Whether to try again at once after a failed accept.
    private func goesOn(after code: Int32) -> Bool {
        switch code {
        case EAGAIN, EWOULDBLOCK: return false
        case EMFILE, ENFILE, ENOBUFS, ENOMEM:
            // Linux looks for a descriptor first, and fails even when nobody is waiting.
            guard hasWaitingClient else { return false }
            context.report("accept", String(cString: strerror(code)))
            for shard in shards { shard.mailbox.post(.evictIdle) }
            rest()
            return false
        default:
            // The client gave up before it was accepted, or a signal came.
            return true
        }
    }

    private var hasWaitingClient: Bool {
        var query = pollfd(fd: socket.descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&query, 1, 0) > 0
    }

    /// Leaves what waits in the kernel for a moment: without descriptors or memory the source would
    /// fire without end.
    private func rest() {
        guard !isResting else { return }
        isResting = true
        source.suspend()
        queue.asyncAfter(deadline: .now() + .milliseconds(100)) { @Sendable [self] in
            guard isResting else { return }
            isResting = false
            source.resume()
        }
    }
}
