/// A writer of compact JSON into one buffer of bytes.
///
/// The caller says what stands where; the writer sets commas, quotes and escapes. Doubles are written
/// in the shortest form that reads back to the same double; those that are not finite as `null`.
public struct JSONWriter: Sendable {
    /// What was written so far, UTF-8.
    public private(set) var bytes: [UInt8] = []
    private var needsComma = false

    /// Makes a writer with room for `capacity` bytes.
    public init(capacity: Int = 512) {
        bytes.reserveCapacity(capacity)
    }

    /// Writes an object whose members `body` writes.
    public mutating func object<Failure: Error>(
        _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        begin(UInt8(ascii: "{"))
        try body(&self)
        end(UInt8(ascii: "}"))
    }

    /// Writes a list whose items `body` writes.
    public mutating func array<Failure: Error>(
        _ body: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        begin(UInt8(ascii: "["))
        try body(&self)
        end(UInt8(ascii: "]"))
    }

    /// Writes a member's name; its value must follow.
    public mutating func name(_ name: String) {
        quote(name, isName: true)
        needsComma = false
    }

    /// Writes a member.
    public mutating func field(_ name: String, _ value: some JSONWritable) {
        self.name(name)
        value.write(to: &self)
    }

    /// Writes `null`.
    public mutating func null() {
        raw("null".utf8)
    }

    /// Writes text that is a JSON value already.
    public mutating func raw(_ text: some Collection<UInt8>) {
        separate()
        bytes.append(contentsOf: text)
        needsComma = true
    }

    /// Writes a string.
    public mutating func string(_ text: String) {
        quote(text, isName: false)
        needsComma = true
    }

    /// Writes a number; `null` where it is not finite.
    public mutating func number(_ value: Double) {
        guard value.isFinite else { return null() }
        if let integer = Int(exactly: value), abs(integer) < 1 << 53,
            value.sign == .plus || integer != 0
        {
            return raw(integer.description.utf8)
        }
        raw(value.description.utf8)
    }

    private mutating func begin(_ bracket: UInt8) {
        separate()
        bytes.append(bracket)
        needsComma = false
    }

    private mutating func end(_ bracket: UInt8) {
        bytes.append(bracket)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
    }

    /// Writes a text in quotes, after a comma where one is due; a colon follows a name.
    private mutating func quote(_ text: String, isName: Bool) {
        var text = text
        text.withUTF8 { text in
            guard !text.contains(where: Self.isEscaped) else {
                separate()
                bytes.append(UInt8(ascii: "\""))
                for byte in text { escape(byte) }
                bytes.append(UInt8(ascii: "\""))
                if isName { bytes.append(UInt8(ascii: ":")) }
                return
            }
            // Nearly all texts, in one piece.
            bytes.append(addingCapacity: text.count + 4) { [needsComma] span in
                if needsComma { span.append(UInt8(ascii: ",")) }
                span.append(UInt8(ascii: "\""))
                span.withUnsafeMutableBufferPointer { buffer, count in
                    for byte in text {
                        buffer[count] = byte
                        count += 1
                    }
                }
                span.append(UInt8(ascii: "\""))
                if isName { span.append(UInt8(ascii: ":")) }
            }
        }
    }

    private static func isEscaped(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    private mutating func escape(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): bytes.append(contentsOf: #"\""#.utf8)
        case UInt8(ascii: "\\"): bytes.append(contentsOf: #"\\"#.utf8)
        case UInt8(ascii: "\n"): bytes.append(contentsOf: #"\n"#.utf8)
        case 0..<0x20:
            let digits = String(byte, radix: 16)
            bytes.append(contentsOf: (byte < 16 ? #"\u000"# : #"\u00"#).utf8)
            bytes.append(contentsOf: digits.utf8)
        default: bytes.append(byte)
        }
    }
}
