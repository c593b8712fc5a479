/// From parsed elements to a handler.
extension Connection {
    func take(_ element: RequestParser.Element) {
        switch element {
        case .head(let head): begin(head)
        case .body(let piece): append(piece)
        case .end: dispatch()
        }
    }

    /// Answers a request that cannot be understood; the connection ends with it.
    func refuse(_ fault: RequestFault) {
        if exchange == nil { openExchange(nil) }
        exchange?.keepsAlive = false
        respond(fault)
    }

    private func openExchange(_ head: RequestHead?) {
        ticket.exchange &+= 1
        exchange = Exchange(
            ticket: ticket,
            requestID: shard.identifiers.next(),
            began: headBegan ?? shard.now,
            head: head,
            coding: AnswerCoding(head?.fields ?? [:], minimum: shard.limits.compressedBytes),
            keepsAlive: head?.keepsAlive ?? false
        )
        headBegan = nil
    }

    private func begin(_ head: RequestHead) {
        openExchange(head)
        phase = .body
        // It goes to the end of the list when it is idle again.
        shard.idle.noteRequest(self)
        readDeadline = head.framing == .none ? nil : shard.now + shard.deadlines.body
        switch route(head) {
        case .success(let match):
            exchange?.match = match
            parser.bodyLimit = match?.route.bodyLimit ?? shard.limits.bodyBytes
            if let match, case .receiving(let route) = match.route.handler {
                openReception(route, head, match)
            } else if head.expectsContinue, head.framing != .none {
                output.extend { $0.append("HTTP/1.1 100 Continue\r\n\r\n") }
            }
        case .failure(let fault):
            if head.framing == .none {
                let verdict = response(to: fault)
                exchange?.verdict = verdict
            } else {
                // The body is not worth reading, and without it the next request is not found.
                refuse(fault)
            }
        }
    }

    /// Finds what answers a head; nil stands for a verdict of the connection's own.
    private func route(_ head: RequestHead) -> Result<Router.Match?, RequestFault> {
        let context = shard.context
        let method = head.line.method
        guard context.serves(head.authority) else {
            let host = head.authority ?? "no host"
            return .failure(RequestFault(421, "this server does not answer for \(host)"))
        }
        guard method.isKnown else {
            return .failure(RequestFault(501, "the method \(method) is not known"))
        }
        guard !head.line.target.isAsterisk else {
            let verdict = Self.options(context.router.allMethods)
            exchange?.verdict = verdict
            return .success(nil)
        }
        switch context.router.match(method, head.line.target.path) {
        case .notFound: return .failure(RequestFault(.notFound, "nothing stands at this path"))
        case .otherMethods(let methods):
            if method == .options {
                let verdict = Self.options(methods)
                exchange?.verdict = verdict
                return .success(nil)
            }
            return .failure(
                RequestFault(
                    .methodNotAllowed,
                    "\(method) is not allowed here",
                    fields: ["Allow": Self.list(methods)]
                )
            )
        case .found(let match):
            if let fault = refusal(of: head, match) ?? fault(ofBody: head, on: match.route) {
                return .failure(fault)
            }
            return .success(match)
        }
    }

    /// Why the gate does not let a request pass; where it does, the exchange knows who sent it.
    private func refusal(of head: RequestHead, _ match: Router.Match) -> RequestFault? {
        guard let gate = shard.context.configuration.gate else { return nil }
        let template = match.route.template.text
        switch gate.admit(request(head, match, body: []), to: template) {
        case .pass(let client):
            exchange?.client = client
            return nil
        case .refuse(let status, let detail, let fields):
            return RequestFault(status, detail, fields: fields)
        }
    }

    private func fault(ofBody head: RequestHead, on route: Route) -> RequestFault? {
        guard head.framing != .none else { return nil }
        let limit = route.bodyLimit ?? shard.limits.bodyBytes
        if case .length(let length) = head.framing, length > limit {
            return RequestFault(
                .contentTooLarge,
                "the body may have at most \(limit) bytes, got \(length)"
            )
        }
        if let coding = head.fields["content-encoding"], !Fields.matches(coding, "identity") {
            return RequestFault(
                .unsupportedMediaType,
                "the body must come without a content coding, got \"\(coding)\"",
                fields: ["Accept-Encoding": "identity"]
            )
        }
        return nil
    }

    private static func options(_ methods: [Method]) -> Response {
        Response(status: .noContent, fields: ["Allow": list(methods)])
    }

    private static func list(_ methods: [Method]) -> String {
        methods.map(\.rawValue).joined(separator: ", ")
    }

    private func append(_ piece: ArraySlice<UInt8>) {
        guard shard.context.bodyBudget.reserve(piece.count) else {
            return refuse(
                RequestFault(.serviceUnavailable, "too many bodies are being received; try again")
            )
        }
        if let deadline = readDeadline {
            readDeadline = min(
                deadline + .seconds(piece.count, at: shard.deadlines.minimumBodyRate),
                shard.now + shard.deadlines.bodyPause
            )
        }
        if let reception = exchange?.reception { return appendToFile(piece, reception) }
        exchange?.reservedBytes += piece.count
        exchange?.body.append(contentsOf: piece)
    }

    /// Gives a whole request to whoever answers it.
    private func dispatch() {
        readDeadline = nil
        if let verdict = exchange?.verdict { return respond(verdict) }
        guard let exchange, let head = exchange.head, let match = exchange.match else { return }
        let request = request(head, match, body: exchange.body)
        self.exchange?.body = []
        let (ticket, mailbox, coding) = (exchange.ticket, shard.mailbox, exchange.coding)
        switch match.route.handler {
        case .inline(let handler):
            respond(coding.applied(to: handler(request), mayCompress: false))
        case .pooled(let pool, let handler):
            hand(to: pool) {
                let response = coding.applied(to: handler(request), mayCompress: true)
                mailbox.post(.respond(ticket, response))
            }
        case .remembered(let pool, let remembering):
            if let response = remembering.recall(request) {
                return respond(coding.applied(to: response, mayCompress: false))
            }
            hand(to: pool) {
                let found = remembering.handler(request)
                mailbox.post(.respond(ticket, coding.applied(to: found, mayCompress: true)))
            }
        case .deferred(let pool, let handler):
            let link = makeLink()
            hand(to: pool) { handler(request, Reply(link: link, coding: coding)) }
        case .streaming(let pool, let handler):
            let link = makeLink()
            hand(to: pool) { handler(request, ResponseStream(link: link, coding: coding)) }
        case .receiving(let route):
            finishReception(route, request)
        }
    }

    /// The request of the current exchange.
    func request(_ head: RequestHead, _ match: Router.Match, body: [UInt8]) -> Request {
        Request(
            method: head.line.method,
            path: head.line.target.path,
            target: head.line.rawTarget,
            query: head.line.target.query,
            fields: exchange?.coding.handled(head.fields) ?? head.fields,
            authority: head.authority,
            body: body,
            parameters: match.parameters,
            id: exchange?.requestID ?? "",
            remoteAddress: arrival.address,
            client: exchange?.client
        )
    }

    private func makeLink() -> ExchangeLink {
        let link = ExchangeLink(mailbox: shard.mailbox, ticket: ticket, limits: shard.limits)
        exchange?.link = link
        return link
    }

    private func hand(to pool: PoolName, _ work: @escaping @Sendable () -> Void) {
        phase = .handling
        guard !shard.context.pool(pool).submit(work) else { return }
        exchange?.link = nil
        respond(.overloaded)
    }
}
