/// The head of an answer, as bytes: status line, the server's fields, the handler's fields.
struct ResponseHead {
    enum Framing {
        /// The length of the body that follows, or would follow a GET.
        case length(Int)
        case chunked
        case untilClose
        case none
    }

    enum Persistence {
        /// What the version says by itself.
        case implied
        case close
        /// Told to a client of HTTP/1.0 that asked for it.
        case keepAlive
    }

    var status: Status
    var fields: Fields
    var framing: Framing
    var persistence: Persistence
    var requestID: String
    /// The client's own trace (W3C Trace Context), which is given back as it came.
    var traceparent: String?
    /// From the request's first byte to this head.
    var duration: Duration?

    /// Whether no field can be taken for another one, or for a body (response splitting).
    var isSafe: Bool {
        fields.allSatisfy { field in
            !field.name.isEmpty && field.name.utf8.allSatisfy(\.isToken)
                && field.value.utf8.allSatisfy(\.isFieldContent)
        }
    }

    func write(date: [UInt8], into bytes: inout [UInt8]) {
        bytes.append("HTTP/1.1 ")
        bytes.append(number: status.code)
        bytes.append(.space)
        bytes.append(status.reason)
        bytes.append("\r\nDate: ")
        bytes.append(contentsOf: date)
        bytes.append("\r\nX-Request-Id: ")
        bytes.append(requestID)
        // What a handler calls text is no page and no script, whatever it looks like.
        bytes.append("\r\nX-Content-Type-Options: nosniff")
        if let traceparent {
            bytes.append("\r\ntraceparent: ")
            bytes.append(traceparent)
        }
        if let duration {
            bytes.append("\r\nServer-Timing: total;dur=")
            bytes.append(milliseconds: duration)
        }
        for field in fields where !Self.isServers(field.name) {
            bytes.append("\r\n")
            bytes.append(field.name)
            bytes.append(": ")
            bytes.append(field.value)
        }
        switch framing {
        case .length(let count):
            bytes.append("\r\nContent-Length: ")
            bytes.append(number: count)
        case .chunked: bytes.append("\r\nTransfer-Encoding: chunked")
        case .untilClose, .none: break
        }
        switch persistence {
        case .implied: break
        case .close: bytes.append("\r\nConnection: close")
        case .keepAlive: bytes.append("\r\nConnection: keep-alive")
        }
        bytes.append("\r\n\r\n")
    }

    /// Whether the server writes the field itself.
    private static func isServers(_ name: String) -> Bool {
        switch name.utf8.count {
        case 4: Fields.matches(name, "date")
        case 10: Fields.matches(name, "connection") || Fields.matches(name, "keep-alive")
        case 12: Fields.matches(name, "x-request-id")
        case 14: Fields.matches(name, "content-length")
        case 17: Fields.matches(name, "transfer-encoding")
        default: false
        }
    }
}

extension [UInt8] {
    mutating func append(_ text: String) {
        append(contentsOf: text.utf8)
    }

    /// Appends a duration that is not negative, in milliseconds with three decimals.
    mutating func append(milliseconds duration: Duration) {
        let microseconds = Swift.max(0, Int(duration / .microseconds(1)))
        append(number: microseconds / 1_000)
        append(UInt8(ascii: "."))
        for divisor in [100, 10, 1] { append(number: microseconds / divisor % 10) }
    }

    /// Appends a number that is not negative, in decimal digits.
    mutating func append(number: Int) {
        if number >= 10 { append(number: number / 10) }
        append(UInt8(ascii: "0") + UInt8(number % 10))
    }

    /// Appends a number that is not negative, in hexadecimal digits.
    mutating func append(hexadecimal number: Int) {
        if number >= 16 { append(hexadecimal: number >> 4) }
        let digit = UInt8(number & 15)
        append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
}
