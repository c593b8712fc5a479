/// Why a request was refused: the body of every error answer (RFC 9457).
public struct Problem: Error, Hashable, Sendable {
    /// The media type of the body.
    public static let mediaType = "application/problem+json"

    /// The type of the problem that a worker meets whose lease was granted anew or ended.
    public static let leaseLostType = "/problems/lease_lost"

    /// What kind of problem it is, as a relative reference: `/problems/invalid`.
    public var type: String
    /// The kind in words; the same for every problem of the type.
    public var title: String
    /// The HTTP status.
    public var status: Int
    /// What happened this time, as a sentence.
    public var detail: String
    /// The request that was refused, for the server's log.
    public var requestID: String?
    /// Every faulty value of the request.
    public var faults: [Fault]
    /// The actions that the job's state allows, where that is the problem.
    public var allowedActions: [String]?

    /// Makes a problem whose type and title follow from `status` unless they are given.
    public init(
        status: Int,
        type: String? = nil,
        title: String? = nil,
        detail: String,
        requestID: String? = nil,
        faults: [Fault] = [],
        allowedActions: [String]? = nil
    ) {
        let kind = Self.kinds[status]
        self.type = type ?? kind.map { "/problems/\($0.name)" } ?? "about:blank"
        self.title = title ?? kind?.title ?? "Error"
        self.status = status
        self.detail = detail
        self.requestID = requestID
        self.faults = faults
        self.allowedActions = allowedActions
    }

    private static let kinds: [Int: (name: String, title: String)] = [
        400: ("malformed", "The request cannot be read"),
        401: ("unauthenticated", "A token is needed"),
        403: ("forbidden", "The token does not allow this"),
        404: ("not_found", "There is no such thing"),
        405: ("method_not_allowed", "The method is not allowed here"),
        406: ("not_acceptable", "No acceptable form of the answer"),
        408: ("timeout", "The request took too long"),
        409: ("conflict", "The state does not allow this"),
        411: ("length_required", "A length is needed"),
        412: ("stale", "The thing has changed meanwhile"),
        413: ("too_large", "The body is too large"),
        414: ("target_too_long", "The request target is too long"),
        415: ("unsupported_media_type", "The body's media type is not read here"),
        416: ("range_not_satisfiable", "The file has no such part"),
        417: ("expectation_failed", "The expectation cannot be met"),
        421: ("misdirected", "The server does not answer for this host"),
        422: ("invalid", "The content is not valid"),
        428: ("precondition_required", "A precondition is needed"),
        429: ("too_many_requests", "Too many requests"),
        431: ("fields_too_large", "The header fields are too large"),
        500: ("internal", "The server failed"),
        501: ("not_implemented", "The method is not known"),
        503: ("unavailable", "The server cannot answer now"),
        505: ("version_not_supported", "The HTTP version is not supported"),
        507: ("no_space", "The disk is nearly full"),
    ]
}

extension Problem: JSONWritable {
    /// Writes the problem document.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("type", type)
            writer.field("title", title)
            writer.field("status", status)
            writer.field("detail", detail)
            if let requestID { writer.field("request_id", requestID) }
            if !faults.isEmpty { writer.field("errors", faults) }
            if let allowedActions { writer.field("allowed_actions", allowedActions) }
        }
    }

    /// Reads a problem document.
    public init?(_ document: Document) {
        guard let status = document["status"]?.integer else { return nil }
        self.init(
            status: status,
            type: document["type"]?.string,
            title: document["title"]?.string,
            detail: document["detail"]?.string ?? "",
            requestID: document["request_id"]?.string,
            faults: document["errors"]?.array?.compactMap { Fault($0) } ?? [],
            allowedActions: document["allowed_actions"]?.array?.compactMap(\.string)
        )
    }
}

extension Fault: JSONWritable {
    /// Writes the fault as an item of a problem's `errors`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("pointer", pointer)
            writer.field("detail", detail)
            writer.field("code", code.rawValue)
            if position.line > 0 {
                writer.field("line", Int(position.line))
                writer.field("column", Int(position.column))
            }
        }
    }

    /// Reads an item of a problem's `errors`.
    public init?(_ document: Document) {
        guard let pointer = document["pointer"]?.string, let detail = document["detail"]?.string
        else {
            return nil
        }
        self.init(
            pointer: pointer,
            detail: detail,
            code: document["code"]?.string.flatMap(Code.init(rawValue:)) ?? .type,
            position: Document.Position(
                line: Int32(clamping: document["line"]?.integer ?? 0),
                column: Int32(clamping: document["column"]?.integer ?? 0)
            )
        )
    }
}
