/// Strings and numbers.
extension JSONReader {
    /// Reads a string from its opening quote to its closing one.
    mutating func string() throws(DocumentError) -> String {
        index += 1
        let start = index
        while index < bytes.endIndex, bytes[index] >= 0x20, bytes[index] < 0x80 {
            if bytes[index] == UInt8(ascii: "\"") {
                index += 1
                return String(decoding: bytes[start..<index - 1], as: UTF8.self)
            }
            if bytes[index] == UInt8(ascii: "\\") { break }
            index += 1
        }
        return try longString(from: start)
    }

    /// Reads the rest of a string that holds escapes or scalars outside ASCII.
    private mutating func longString(from start: Int) throws(DocumentError) -> String {
        var text = Array(bytes[start..<index])
        while true {
            guard let byte = peek() else { throw error("the text ends inside a string") }
            switch byte {
            case UInt8(ascii: "\""):
                index += 1
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw error("the string that ends here is not well-formed UTF-8")
                }
                return string
            case UInt8(ascii: "\\"):
                index += 1
                try escape(into: &text)
            case 0..<0x20:
                throw error("\(name(of: byte)) must be escaped inside a string")
            default:
                if byte & 0xC0 == 0x80 { continuations += 1 }
                text.append(byte)
                index += 1
            }
        }
    }

    private mutating func escape(into text: inout [UInt8]) throws(DocumentError) {
        guard let byte = peek() else { throw error("the text ends inside a string") }
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text.append(contentsOf: String(try escapedScalar()).utf8)
        default: throw error("\\\(name(of: byte)) is not an escape of JSON")
        }
    }

    private mutating func escapedScalar() throws(DocumentError) -> Character {
        let first = try hexadecimal()
        if let scalar = UnicodeScalar(UInt32(first)) { return Character(scalar) }
        guard UTF16.isLeadSurrogate(first), take("\\"), take("u") else {
            throw error("half of a surrogate pair cannot stand alone")
        }
        let second = try hexadecimal()
        guard UTF16.isTrailSurrogate(second) else {
            throw error("half of a surrogate pair cannot stand alone")
        }
        let offset = UInt32(first - 0xD800) << 10 + UInt32(second - 0xDC00)
        guard let scalar = UnicodeScalar(0x10000 + offset) else {
            throw error("this surrogate pair names no character")
        }
        return Character(scalar)
    }

    private mutating func hexadecimal() throws(DocumentError) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = peek(), let digit = Character(UnicodeScalar(byte)).hexDigitValue,
                byte < 0x80
            else { throw error("four hexadecimal digits should follow \\u") }
            value = value << 4 | UInt16(digit)
            index += 1
        }
        return value
    }

    /// Reads a number; one too large for a double becomes a fault and counts as 0.
    mutating func number(
        start: Document.Position
    ) throws(DocumentError) -> Document.Value {
        let first = index
        _ = take("-")
        let leadingZero = peek() == UInt8(ascii: "0")
        let digits = try digits()
        guard !leadingZero || digits == 1 else {
            throw error("a number cannot begin with a zero and another digit")
        }
        var isInteger = true
        if take(".") {
            isInteger = false
            _ = try self.digits()
        }
        if take("e") || take("E") {
            isInteger = false
            if !take("+") { _ = take("-") }
            _ = try self.digits()
        }
        let text = String(decoding: bytes[first..<index], as: UTF8.self)
        if isInteger, let integer = Int(text) { return .integer(integer) }
        guard let double = Double(text), double.isFinite else {
            report(
                "the number \(text.prefix(40)) is too large for a double",
                .range,
                start
            )
            return .number(0)
        }
        return .number(double)
    }

    private mutating func digits() throws(DocumentError) -> Int {
        let first = index
        while let byte = peek(), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) {
            index += 1
        }
        guard index > first else { throw error("a digit should stand here") }
        return index - first
    }
}
