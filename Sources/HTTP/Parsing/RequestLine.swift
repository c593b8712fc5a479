/// `method SP target SP version`, read byte by byte without leniency.
struct RequestLine: Sendable, Equatable {
    var method: Method
    var target: RequestTarget
    /// The target as it was sent.
    var rawTarget: String
    /// 0 or 1: the server speaks HTTP/1.0 and HTTP/1.1.
    var minorVersion: Int

    /// Reads a line without its line break.
    init(parsing line: Span<UInt8>) throws(RequestFault) {
        var end = 0
        while end < line.count, line[end].isToken { end += 1 }
        guard end > 0, end < line.count, line[end] == .space else {
            throw .malformed("the request line must begin with a method and one space")
        }
        method = Method(rawValue: String(ascii: line.extracting(0..<end)))
        let targetStart = end + 1
        end = targetStart
        while end < line.count, line[end].isVisible { end += 1 }
        guard end > targetStart, end < line.count, line[end] == .space else {
            throw .malformed("the target must be printable ASCII between single spaces")
        }
        let targetBytes = line.extracting(targetStart..<end)
        guard method.rawValue != "PRI" else {
            throw .malformed("the HTTP/2 preface is not understood; speak HTTP/1.1")
        }
        minorVersion = try Self.minorVersion(of: line.extracting((end + 1)..<line.count))
        guard method.rawValue != "CONNECT" else {
            throw RequestFault(501, "CONNECT is not offered; this server is no proxy")
        }
        rawTarget = String(ascii: targetBytes)
        target = try RequestTarget(parsing: targetBytes, method: method)
    }

    private static func minorVersion(of version: Span<UInt8>) throws(RequestFault) -> Int {
        let prefix: StaticString = "HTTP/"
        var isVersion = version.count == 8 && version[5].isDigit && version[7].isDigit
        isVersion = isVersion && version[6] == UInt8(ascii: ".")
        for index in 0..<5 where isVersion {
            isVersion = version[index] == prefix.utf8Start[index]
        }
        guard isVersion else {
            throw .malformed("the request line must end in HTTP/1.1 or HTTP/1.0")
        }
        switch (version[5], version[7]) {
        case (UInt8(ascii: "1"), UInt8(ascii: "1")): return 1
        case (UInt8(ascii: "1"), UInt8(ascii: "0")): return 0
        default:
            throw RequestFault(505, "the version must be HTTP/1.1 or HTTP/1.0")
        }
    }
}

extension String {
    /// Copies bytes that are known to be ASCII.
    init(ascii bytes: Span<UInt8>) {
        self = bytes.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }
}
