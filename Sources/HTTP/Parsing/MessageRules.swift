/// What the fields of a head say about the message and its connection.
///
/// Whatever two readers could understand differently is refused: that is what request smuggling
/// lives on (RFC 9112 section 11.2).
extension RequestHead {
    init(line: RequestLine, fields: Fields) throws(RequestFault) {
        var lengths: [String] = []
        var codings: [String] = []
        var hosts: [String] = []
        var options: [String] = []
        var expectations: [String] = []
        for field in fields {
            switch field.name.utf8.count {
            case 4 where Fields.matches(field.name, "host"): hosts.append(field.value)
            case 6 where Fields.matches(field.name, "expect"): expectations.append(field.value)
            case 10 where Fields.matches(field.name, "connection"): options.append(field.value)
            case 14 where Fields.matches(field.name, "content-length"): lengths.append(field.value)
            case 17 where Fields.matches(field.name, "transfer-encoding"):
                codings.append(field.value)
            default: continue
            }
        }
        self.line = line
        self.fields = fields
        framing = try Self.framing(lengths: lengths, codings: codings, line: line)
        authority = try Self.authority(hosts: hosts, line: line)
        keepsAlive = Self.keepsAlive(options: options, line: line)
        expectsContinue = try Self.expectsContinue(expectations, line: line)
    }

    private static func framing(
        lengths: [String],
        codings: [String],
        line: RequestLine
    ) throws(RequestFault) -> Framing {
        if !codings.isEmpty {
            guard line.minorVersion > 0 else {
                throw .malformed("Transfer-Encoding is not part of HTTP/1.0")
            }
            guard lengths.isEmpty else {
                throw .malformed("a request must not have Content-Length and Transfer-Encoding")
            }
            try checkCodings(list(codings))
            return .chunked
        }
        guard let length = lengths.first else { return .none }
        guard lengths.count == 1 else {
            throw .malformed("a request must have one Content-Length, got \(lengths.count)")
        }
        let isNumber = !length.isEmpty && length.utf8.allSatisfy(\.isDigit)
        guard isNumber, let count = Int(length) else {
            throw .malformed("Content-Length must be one decimal number below 2^63")
        }
        return count == 0 ? .none : .length(count)
    }

    private static func checkCodings(_ codings: [String]) throws(RequestFault) {
        if codings == ["chunked"] { return }
        let compressions: Set = ["compress", "deflate", "gzip", "x-compress", "x-gzip"]
        if codings.last == "chunked", codings.dropLast().allSatisfy(compressions.contains) {
            throw RequestFault(501, "compressed transfer codings are not offered; send \"chunked\"")
        }
        throw .malformed("Transfer-Encoding must be exactly \"chunked\"")
    }

    private static func authority(
        hosts: [String],
        line: RequestLine
    ) throws(RequestFault) -> String? {
        guard hosts.count == 1 || hosts.isEmpty && line.minorVersion == 0 else {
            throw .malformed("a request must have exactly one Host field, got \(hosts.count)")
        }
        guard let host = hosts.first else { return line.target.authority }
        let authority = try Authority.normalized(Array(host.utf8).span)
        return line.target.authority ?? authority
    }

    private static func keepsAlive(options: [String], line: RequestLine) -> Bool {
        guard !options.isEmpty else { return line.minorVersion > 0 }
        let options = list(options)
        if options.contains("close") { return false }
        return line.minorVersion > 0 || options.contains("keep-alive")
    }

    private static func expectsContinue(
        _ expectations: [String],
        line: RequestLine
    ) throws(RequestFault) -> Bool {
        guard line.minorVersion > 0, !expectations.isEmpty else { return false }
        guard list(expectations) == ["100-continue"] else {
            throw RequestFault(417, "Expect must be \"100-continue\"")
        }
        return true
    }

    /// The elements of a comma list over all its lines, without blanks, in lower case.
    private static func list(_ values: [String]) -> [String] {
        values.flatMap { value in
            value.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map {
                var element = $0
                while let first = element.first, first.isBlank { element.removeFirst() }
                while let last = element.last, last.isBlank { element.removeLast() }
                return String(decoding: element.map(\.lowercased), as: UTF8.self)
            }
        }
    }
}
