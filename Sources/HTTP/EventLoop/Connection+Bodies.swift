/// What becomes of a body that goes to a file.
enum BodyEvent: Sendable {
    /// There is a file for it, and it may come.
    case accepted
    /// The handler answers without reading it.
    case refused(Response)
    /// What had come was written, and more may come.
    case drained
    /// It cannot be stored.
    case failed(RequestFault)
}

/// Bodies that go to a file instead of into memory.
extension Connection {
    /// Asks the route whether it wants a body, and for a file; nothing more is read meanwhile.
    func openReception(_ route: BodyRoute, _ head: RequestHead, _ match: Router.Match) {
        guard let exchange else { return }
        phase = .stalled
        readDeadline = nil
        let reception = BodyReception(
            ticket: exchange.ticket,
            mailbox: shard.mailbox,
            context: shard.context
        )
        self.exchange?.reception = reception
        self.exchange?.allowance = head.framing == .none ? nil : shard.deadlines.body
        let request = request(head, match, body: [])
        var length: Int?
        if case .length(let count) = head.framing { length = count }
        let reservedBytes = shard.limits.freeDiskBytes
        let isTaken = shard.context.pool(route.pool).submit { [length] in
            if let response = route.check(request) { return reception.refuse(response) }
            reception.open { () throws(RequestFault) in
                try BodyFile(
                    folder: route.folder,
                    name: request.id,
                    length: length,
                    reservedBytes: reservedBytes
                )
            }
        }
        if !isTaken { refuse(.overloaded) }
    }

    /// Hands a piece of the body on; reads no more where the disk is behind.
    func appendToFile(_ piece: ArraySlice<UInt8>, _ reception: BodyReception) {
        guard !reception.append(Array(piece)) else { return }
        // What waits for the disk does not count against the client.
        exchange?.allowance = readDeadline.map { $0 - shard.now }
        readDeadline = nil
        phase = .stalled
    }

    /// Gives the file to the route's handler once the body's last byte is in it.
    func finishReception(_ route: BodyRoute, _ request: Request) {
        phase = .handling
        let (mailbox, ticket, pool) = (shard.mailbox, self.ticket, shard.context.pool(route.pool))
        exchange?.reception?.finish { file in
            let isTaken = pool.submit {
                mailbox.post(.respond(ticket, route.handler(request, file)))
            }
            if !isTaken { mailbox.post(.body(ticket, .failed(.overloaded))) }
        }
    }

    /// Acts on news of the current exchange's body; of an earlier one it changes nothing.
    func receive(_ event: BodyEvent, for ticket: Ticket) {
        guard ticket == exchange?.ticket, exchange?.reception != nil else { return }
        switch event {
        case .accepted:
            guard phase == .stalled else { return }
            if let head = exchange?.head, head.expectsContinue, head.framing != .none {
                output.extend { $0.append("HTTP/1.1 100 Continue\r\n\r\n") }
            }
            readOn()
        case .drained:
            if phase == .stalled { readOn() }
        case .refused(let response):
            // Without its body, the next request is not found.
            if let head = exchange?.head, head.framing != .none { exchange?.keepsAlive = false }
            respond(response)
        case .failed(let fault):
            refuse(fault)
        }
    }

    private func readOn() {
        phase = .body
        readDeadline = exchange?.allowance.map { shard.now + $0 }
        exchange?.allowance = nil
    }
}

extension RequestFault {
    /// No thread of the route's pool is free, and too many requests wait for one.
    static let overloaded = RequestFault(
        .serviceUnavailable,
        "too many requests are being worked on; try again"
    )
}
