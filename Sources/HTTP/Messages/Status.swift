/// A response's status code with its customary phrase.
public struct Status: Hashable, Sendable, ExpressibleByIntegerLiteral, CustomStringConvertible {
    /// The three digits, 100 through 599.
    public let code: Int

    /// Takes a code of 100 through 599; any other is a caller's bug and traps.
    public init(_ code: Int) {
        precondition((100...599).contains(code), "a status is 100 through 599, got \(code)")
        self.code = code
    }

    /// Lets `404` stand for a status; see ``init(_:)``.
    public init(integerLiteral code: Int) {
        self.init(code)
    }

    /// The phrase of RFC 9110 section 15, or that of the code's class where it has none.
    public var reason: String { Self.reasons[code] ?? Self.classes[code / 100 - 1] }

    /// Whether a response with this status never has a body (RFC 9110 section 6.4.1).
    public var isBodiless: Bool { code < 200 || code == 204 || code == 304 }

    /// The code and its phrase, such as `404 Not Found`.
    public var description: String { "\(code) \(reason)" }

    private static let classes = [
        "Informational", "Successful", "Redirection", "Client Error", "Server Error",
    ]

    private static let reasons: [Int: String] = [
        100: "Continue", 200: "OK", 201: "Created", 202: "Accepted", 204: "No Content",
        206: "Partial Content", 301: "Moved Permanently", 302: "Found", 303: "See Other",
        304: "Not Modified", 307: "Temporary Redirect", 308: "Permanent Redirect",
        400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
        405: "Method Not Allowed", 406: "Not Acceptable", 408: "Request Timeout",
        409: "Conflict", 410: "Gone", 411: "Length Required", 412: "Precondition Failed",
        413: "Content Too Large", 414: "URI Too Long", 415: "Unsupported Media Type",
        416: "Range Not Satisfiable", 417: "Expectation Failed", 421: "Misdirected Request",
        422: "Unprocessable Content", 425: "Too Early", 426: "Upgrade Required",
        428: "Precondition Required", 429: "Too Many Requests",
        431: "Request Header Fields Too Large", 500: "Internal Server Error",
        501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable",
        504: "Gateway Timeout", 505: "HTTP Version Not Supported", 507: "Insufficient Storage",
    ]
}

extension Status {
    /// The request succeeded.
    public static let ok: Status = 200
    /// The request made a resource, named by the `Location` field.
    public static let created: Status = 201
    /// The work goes on after the answer.
    public static let accepted: Status = 202
    /// The request succeeded and there is nothing to send.
    public static let noContent: Status = 204
    /// The request succeeded, and the answer holds the part that was asked for.
    public static let partialContent: Status = 206
    /// The client's stored copy is still good.
    public static let notModified: Status = 304
    /// The request is malformed.
    public static let badRequest: Status = 400
    /// Credentials are missing or wrong.
    public static let unauthorized: Status = 401
    /// The credentials do not reach this far.
    public static let forbidden: Status = 403
    /// Nothing stands at this path.
    public static let notFound: Status = 404
    /// The path does not take this method.
    public static let methodNotAllowed: Status = 405
    /// The resource's state does not allow the request.
    public static let conflict: Status = 409
    /// A condition such as `If-Match` does not hold.
    public static let preconditionFailed: Status = 412
    /// The body is larger than the route takes.
    public static let contentTooLarge: Status = 413
    /// The body's type or coding is not taken here.
    public static let unsupportedMediaType: Status = 415
    /// The range of bytes that is asked for lies behind the content.
    public static let rangeNotSatisfiable: Status = 416
    /// The body is well formed, and its content is not acceptable.
    public static let unprocessableContent: Status = 422
    /// The client asks too often.
    public static let tooManyRequests: Status = 429
    /// The server failed.
    public static let internalServerError: Status = 500
    /// The server cannot take the request now.
    public static let serviceUnavailable: Status = 503
}
