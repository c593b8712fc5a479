/// `name: value`, one line of a header or trailer section (RFC 9112 section 5).
enum FieldLine {
    /// Reads a line without its line break; folded lines and blanks before the colon are refused.
    static func parse(_ line: Span<UInt8>) throws(RequestFault) -> Fields.Field {
        guard !line[0].isBlank else {
            throw .malformed("a field line must not begin with a blank (folding is obsolete)")
        }
        var nameEnd = 0
        while nameEnd < line.count, line[nameEnd].isToken { nameEnd += 1 }
        guard nameEnd > 0, nameEnd < line.count, line[nameEnd] == UInt8(ascii: ":") else {
            throw .malformed("a field line must begin with a name of token characters and a colon")
        }
        var start = nameEnd + 1
        var end = line.count
        while start < end, line[start].isBlank { start += 1 }
        while start < end, line[end - 1].isBlank { end -= 1 }
        var isASCII = true
        for index in start..<end {
            guard line[index].isFieldContent else {
                throw .malformed("a field's value must not have control characters")
            }
            if line[index] >= 0x80 { isASCII = false }
        }
        let value = line.extracting(start..<end)
        return Fields.Field(
            name: String(ascii: line.extracting(0..<nameEnd)),
            value: isASCII ? String(ascii: value) : text(of: value)
        )
    }

    /// UTF-8 where it is that, or else ISO 8859-1, which every byte sequence is.
    private static func text(of value: Span<UInt8>) -> String {
        value.withUnsafeBufferPointer { bytes in
            String(validating: bytes, as: UTF8.self)
                ?? String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
        }
    }
}
