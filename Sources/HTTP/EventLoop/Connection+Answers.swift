/// From an answer to bytes.
extension Connection {
    func respond(_ fault: RequestFault) {
        respond(response(to: fault))
    }

    func response(to fault: RequestFault) -> Response {
        shard.context.response(
            to: ServerFault(
                status: fault.status,
                detail: fault.detail,
                requestID: exchange?.requestID ?? "",
                fields: fault.fields
            )
        )
    }

    /// Puts a whole answer into the output and ends the exchange.
    func respond(_ response: Response) {
        guard let exchange else { return }
        let closes = closesAfter(response.fields)
        let hasNoBody = exchange.hasNoBody(response.status)
        let head = ResponseHead(
            status: response.status,
            fields: response.fields,
            framing: response.status.isBodiless ? .none : .length(response.body.count),
            persistence: exchange.persistence(closes: closes),
            requestID: exchange.requestID
        )
        guard response.status.code >= 200, head.isSafe else {
            return respond(unsafeAnswer(head))
        }
        write(head)
        if !hasNoBody { output.append(response.body) }
        self.exchange?.status = response.status
        self.exchange?.note = response.note
        self.exchange?.sentBodyBytes = hasNoBody ? 0 : response.body.count
        self.exchange?.keepsAlive = !closes
        endExchange(isAborted: false)
    }

    /// Acts on a message for the current exchange; one for an earlier exchange changes nothing.
    func receive(_ message: Message, for ticket: Ticket) {
        if case .body(_, let event) = message { return receive(event, for: ticket) }
        guard phase == .handling, ticket == exchange?.ticket else { return }
        switch message {
        case .respond(_, let response): respond(response)
        case .abandon: abandon()
        case .startStream(_, let status, let fields, let length):
            startStream(status, fields, length: length)
        case .writeStream(_, let bytes): writeStream(bytes)
        case .finishStream: finishStream()
        case .body, .writeStreams, .adopt, .evictIdle, .drain, .terminate: break
        }
    }

    /// Ends the exchange, and tells its handler if it still answers.
    func endExchange(isAborted: Bool) {
        guard let exchange else { return }
        self.exchange = nil
        shard.context.bodyBudget.release(exchange.reservedBytes)
        exchange.reception?.cancel()
        if isAborted || exchange.stream != nil { exchange.link?.clientLeft() }
        shard.record(exchange, arrival, isAborted: isAborted)
        guard !isAborted else { return }
        if exchange.keepsAlive {
            phase = .idle
            readDeadline = shard.now + shard.deadlines.idle
        } else {
            phase = .closing
            readDeadline = nil
        }
    }

    private func write(_ head: ResponseHead) {
        var head = head
        head.traceparent = exchange?.head?.traceparent
        head.duration = exchange.map { .now - $0.began }
        let date = shard.date.current()
        output.extend { head.write(date: date, into: &$0) }
    }

    /// Whether the connection ends after this answer: by the client's wish, the handler's, or
    /// because the server is stopping.
    private func closesAfter(_ fields: Fields) -> Bool {
        guard exchange?.keepsAlive == true, !shard.isDraining else { return true }
        return fields.values(for: "connection").contains { Fields.matches($0, "close") }
    }

    private func unsafeAnswer(_ head: ResponseHead) -> Response {
        shard.context.report(
            "respond",
            "the answer \(head.status) to \(exchange?.head?.line.rawTarget ?? "a request") has a "
                + "status below 200, or a field with bytes that no field may have"
        )
        return Response(status: .internalServerError)
    }

    private func abandon() {
        if exchange?.stream == nil {
            shard.context.report(
                "respond",
                "the handler of \(exchange?.head?.line.rawTarget ?? "a request") gave no answer"
            )
            respond(RequestFault(.internalServerError, "the request was not answered"))
        } else {
            abort()
        }
    }
}

extension Connection {
    private func startStream(_ status: Status, _ fields: Fields, length: Int?) {
        guard let exchange, exchange.stream == nil else { return }
        let isHTTP10 = exchange.head?.isHTTP10 == true
        let hasNoBody = exchange.hasNoBody(status)
        let closes = closesAfter(fields) || isHTTP10 && length == nil
        let framing: ResponseHead.Framing =
            length.map { .length($0) } ?? (isHTTP10 ? .untilClose : .chunked)
        let head = ResponseHead(
            status: status,
            fields: fields,
            framing: status.isBodiless ? .none : framing,
            persistence: exchange.persistence(closes: closes),
            requestID: exchange.requestID
        )
        guard status.code >= 200, head.isSafe else {
            exchange.link?.clientLeft()
            return respond(unsafeAnswer(head))
        }
        write(head)
        self.exchange?.status = status
        self.exchange?.keepsAlive = !closes
        self.exchange?.stream =
            hasNoBody
            ? .discarded
            : length.map { .counted(rest: $0) } ?? (isHTTP10 ? .untilClose : .chunked)
        if hasNoBody { endExchange(isAborted: false) }
    }

    private func writeStream(_ bytes: [UInt8]) {
        exchange?.link?.pieceTaken(bytes.count)
        switch exchange?.stream {
        case .chunked:
            output.extend {
                $0.append(hexadecimal: bytes.count)
                $0.append("\r\n")
            }
            output.append(bytes)
            output.extend { $0.append("\r\n") }
        case .counted(let rest):
            guard bytes.count <= rest else { return breakOff("\(bytes.count - rest) too many") }
            exchange?.stream = .counted(rest: rest - bytes.count)
            output.append(bytes)
        case .untilClose, .discarded, nil: output.append(bytes)
        }
        exchange?.sentBodyBytes += bytes.count
    }

    /// Breaks the connection of a stream that has other bytes than its head says.
    private func breakOff(_ bytes: String) {
        shard.context.report(
            "respond",
            "the stream of \(exchange?.head?.line.rawTarget ?? "a request") has \(bytes) of the bytes "
                + "that its head says"
        )
        abort()
    }

    private func finishStream() {
        guard exchange?.stream != nil else { return abandon() }
        switch exchange?.stream {
        case .chunked: output.extend { $0.append("0\r\n\r\n") }
        case .counted(let rest) where rest > 0: return breakOff("\(rest) too few")
        case .counted, .untilClose, .discarded, nil: break
        }
        endExchange(isAborted: false)
    }
}
