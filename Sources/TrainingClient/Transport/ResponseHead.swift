/// The head of an answer, gathered line by line.
///
/// Interim answers (1xx) come first and are replaced by the next head.
struct ResponseHead {
    /// How large a head may be, in bytes.
    static let limit = 256 << 10

    private(set) var status = 0
    private(set) var fields: ClientFields = [:]
    /// Whether the empty line of the final answer was read.
    private(set) var isComplete = false
    private var size = 0

    /// Takes a line with its end; `false` where the head grows past the limit.
    mutating func append(_ line: UnsafeRawBufferPointer) -> Bool {
        size += line.count
        guard size <= Self.limit else { return false }
        let text = String(decoding: line, as: UTF8.self).trimmingSuffix { $0.isNewline }
        if text.hasPrefix("HTTP/") {
            self = ResponseHead(status: Self.status(ofLine: text))
        } else if text.isEmpty {
            isComplete = status >= 200
        } else if let colon = text.firstIndex(of: ":") {
            let value = text[text.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            fields.append(
                String(text[..<colon]),
                String(value.trimmingSuffix { $0 == " " || $0 == "\t" })
            )
        }
        return true
    }

    private static func status(ofLine line: Substring) -> Int {
        let words = line.split(separator: " ", maxSplits: 2)
        return words.count > 1 ? Int(words[1]) ?? 0 : 0
    }
}

extension ResponseHead {
    private init(status: Int) {
        self.status = status
    }
}

extension StringProtocol {
    /// The text without the characters at its end for which `isDropped` holds.
    fileprivate func trimmingSuffix(_ isDropped: (Character) -> Bool) -> Substring {
        let end = lastIndex { !isDropped($0) }.map(index(after:)) ?? startIndex
        return Substring(self[startIndex..<end])
    }
}
