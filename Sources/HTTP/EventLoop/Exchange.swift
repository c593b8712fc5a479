/// One request on a connection, from its head to the end of its answer.
struct Exchange {
    /// How the pieces of a stream are framed, once it has started.
    enum StreamFraming: Equatable {
        case chunked
        /// By the length in the head, of which this many bytes are still to come.
        case counted(rest: Int)
        case untilClose
        /// The answer has no body, as for HEAD.
        case discarded
    }

    var ticket: Ticket
    var requestID: String
    var began: ContinuousClock.Instant
    /// nil when the head could not be read.
    var head: RequestHead?
    var match: Router.Match?
    /// How the answer is coded.
    var coding: AnswerCoding
    /// Who sent the request, where a gate knows.
    var client: String?
    /// An answer that was found before the end of the request.
    var verdict: Response?
    var body: [UInt8] = []
    /// The bytes taken from the budget of bodies.
    var reservedBytes = 0
    /// Where the body goes, when it goes to a file.
    var reception: BodyReception?
    /// The time that the client has left to send more, while nothing is read.
    var allowance: Duration?
    var keepsAlive: Bool
    var link: ExchangeLink?
    var stream: StreamFraming?
    var status: Status?
    /// What the observer is told of the answer.
    var note: String?
    var sentBodyBytes = 0

    /// Whether a body must not follow the answer's head.
    func hasNoBody(_ status: Status) -> Bool {
        status.isBodiless || head?.line.method == .head
    }

    func persistence(closes: Bool) -> ResponseHead.Persistence {
        if closes { return .close }
        return head?.isHTTP10 == true ? .keepAlive : .implied
    }
}
