/// One client's connection: bytes in, requests answered in order, bytes out.
///
/// Confined to its shard's queue. Requests are read one at a time: while a handler works on one,
/// nothing further is parsed, and what the client sends meanwhile stays in the kernel.
final class Connection {
    enum Phase {
        /// Between two requests, with no byte of the next.
        case idle
        /// In the middle of a head.
        case head
        /// In the middle of a body.
        case body
        /// In a body that goes to a file, which is not ready for more.
        case stalled
        /// A handler has the request.
        case handling
        /// The last answer is on its way.
        case closing
        /// The last answer was sent; what still comes is dropped.
        case lingering
        case closed

        var isReading: Bool { self == .idle || self == .head || self == .body }
    }

    let arrival: Arrival
    unowned let shard: Shard
    /// The connection's place in the shard; `exchange` in it counts its requests.
    var ticket: Ticket
    var parser: RequestParser
    var output = OutputQueue()
    var phase = Phase.idle
    var exchange: Exchange?
    /// When the first byte came of the request whose head is being read.
    var headBegan: ContinuousClock.Instant?
    /// When the client must have sent more, or the connection ends.
    var readDeadline: ContinuousClock.Instant?
    /// When the client must have taken more, or the connection ends.
    private var writeDeadline: ContinuousClock.Instant?

    // Set by the shard's idle list alone.
    var isInIdleList = false
    /// Whether a request has come.
    var hasAsked = false
    var olderIdle: Connection?
    var newerIdle: Connection?

    /// Whether the shard will call ``advance()`` at the end of its batch of messages.
    var isTouched = false

    private let transport: any Transport
    private var interest: Readiness = [.readable, .peerClosed]
    private var inputEnded = false
    private var lingered = 0

    init(arrival: Arrival, transport: any Transport, shard: Shard, ticket: Ticket) {
        self.arrival = arrival
        self.transport = transport
        self.shard = shard
        self.ticket = ticket
        parser = RequestParser(limits: shard.limits)
        let deadlines = shard.deadlines
        readDeadline = shard.now + (transport.isOpening ? deadlines.head : deadlines.idle)
    }

    /// Takes what epoll says of the descriptor.
    func handle(_ readiness: Readiness) {
        guard !readiness.contains(.failed) else { return abort() }
        // An encrypting transport may have to write before it can read on.
        let unblocksRead = readiness.contains(.writable) && transport.wantsWrite
        if unblocksRead || !readiness.isDisjoint(with: [.readable, .peerClosed]) {
            switch phase {
            case .idle, .head, .body: receive()
            case .lingering: drop()
            case .stalled, .handling, .closing, .closed: maskInput(readiness)
            }
        }
        advance()
    }

    /// Does all that can be done now without waiting.
    func advance() {
        while phase.isReading, output.count < shard.limits.outputBytes {
            let isStarved = parse()
            flush()
            guard isStarved else { continue }
            guard transport.pendingBytes > 0 else { break }
            receive()
        }
        flush()
        guard phase != .closed else { return }
        if phase == .closing, output.isEmpty {
            if inputEnded { return abort() }
            transport.finishWriting()
            phase = .lingering
            readDeadline = shard.now + shard.deadlines.lingering
        }
        settle()
    }

    /// Acts on a deadline that has passed.
    func expire() {
        if let writeDeadline, writeDeadline <= shard.now { return abort() }
        guard let readDeadline, readDeadline <= shard.now else { return }
        switch phase {
        case .head:
            refuse(
                RequestFault(408, "the head of a request took longer than \(shard.deadlines.head)")
            )
            advance()
        case .body:
            refuse(RequestFault(408, "the body came too slowly"))
            advance()
        case .idle where !output.isEmpty: break
        case .idle, .stalled, .handling, .closing, .lingering, .closed: abort()
        }
    }

    /// Ends the connection if it waits for a request; otherwise it ends with the answer it is at.
    func drain() {
        guard phase == .idle else { return }
        phase = .closing
        readDeadline = nil
        if output.isEmpty { abort() }
    }

    /// Ends the connection now; what was not sent is lost.
    func abort() {
        guard phase != .closed else { return }
        phase = .closed
        endExchange(isAborted: true)
        shard.forget(self)
        transport.close()
    }
}

extension Connection {
    /// Parses until the output is full or a handler has a request; true when bytes are missing.
    private func parse() -> Bool {
        while phase.isReading, output.count < shard.limits.outputBytes {
            do throws(RequestFault) {
                guard let element = try parser.next() else {
                    starve()
                    return true
                }
                take(element)
            } catch {
                refuse(error)
            }
        }
        return false
    }

    /// There is no whole element to take: waits for more, unless no more will come.
    private func starve() {
        if phase == .idle, parser.isInsideRequest {
            phase = .head
            headBegan = shard.now
            readDeadline = shard.now + shard.deadlines.head
        }
        guard inputEnded else { return }
        if phase == .idle {
            phase = .closing
        } else {
            refuse(.malformed("the request ended before it was complete"))
        }
    }

    /// Reads once: a connection that sends without end must not keep the shard to itself.
    private func receive() {
        let wasOpening = transport.isOpening
        let result = transport.read(into: shard.scratch)
        if wasOpening, !transport.isOpening { readDeadline = shard.now + shard.deadlines.idle }
        switch result {
        case .bytes(let count):
            parser.feed(UnsafeRawBufferPointer(rebasing: shard.scratch[..<count]))
        case .wouldBlock: break
        case .ended: inputEnded = true
        case .failed: abort()
        }
    }

    /// Reads and forgets what comes behind the last answer.
    private func drop() {
        while true {
            switch transport.read(into: shard.scratch) {
            case .bytes(let count):
                lingered += count
                if lingered > shard.limits.lingeringBytes { return abort() }
            case .wouldBlock: return
            case .ended, .failed: return abort()
            }
        }
    }

    /// Stops waiting for input that nobody reads now; epoll would tell of it again and again.
    private func maskInput(_ readiness: Readiness) {
        interest.subtract(readiness.intersection([.readable, .peerClosed]))
        shard.wait(for: interest, on: transport.descriptor, ticket)
        // A client that sends no more may still read, so an answer is sent if one comes; but most
        // have left, and a handler that waits for something should know. A stream finds out when
        // it writes.
        guard readiness.contains(.peerClosed), exchange?.match?.route.isDeferred == true else {
            return
        }
        exchange?.link?.clientLeft()
    }

    private func flush() {
        // A fast reader of a large answer must not keep the shard to itself.
        var turns = 16
        while !output.isEmpty, turns > 0, phase != .closed {
            turns -= 1
            switch output.withFirst(transport.write) {
            case .bytes(let count):
                output.consume(count)
                if let deadline = writeDeadline {
                    writeDeadline = deadline + .seconds(count, at: shard.deadlines.minimumWriteRate)
                }
            case .wouldBlock: turns = 0
            case .ended, .failed: return abort()
            }
        }
        if output.isEmpty {
            // A long download does not count as waiting.
            if writeDeadline != nil, phase == .idle {
                readDeadline = shard.now + shard.deadlines.idle
            }
            writeDeadline = nil
        } else if writeDeadline == nil {
            writeDeadline = shard.now + shard.deadlines.write
        }
        if exchange?.stream != nil { exchange?.link?.unsentChanged(output.count) }
    }

    /// Tells the poller and the idle list what the connection waits for.
    private func settle() {
        var wanted: Readiness
        switch phase {
        case .idle, .head, .body:
            wanted = output.count < shard.limits.outputBytes ? [.readable, .peerClosed] : []
        case .stalled, .handling: wanted = interest.intersection([.readable, .peerClosed])
        case .lingering: wanted = .readable
        case .closing, .closed: wanted = []
        }
        if !output.isEmpty || transport.wantsWrite { wanted.insert(.writable) }
        if transport.wantsRead { wanted.insert(.readable) }
        if wanted != interest {
            interest = wanted
            shard.wait(for: wanted, on: transport.descriptor, ticket)
        }
        if phase == .idle, output.isEmpty {
            shard.idle.append(self)
        } else {
            shard.idle.remove(self)
        }
    }
}

extension Duration {
    /// The time that bytes buy at a rate in bytes per second.
    static func seconds(_ bytes: Int, at rate: Int) -> Duration {
        .nanoseconds(Int64(Double(bytes) / Double(rate) * 1e9))
    }
}
