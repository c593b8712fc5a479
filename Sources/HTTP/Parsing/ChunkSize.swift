/// The line before a chunk: its size in hexadecimal, and extensions that nobody reads.
enum ChunkSize {
    /// Reads a line without its line break; at most 16 digits, no blank before an extension.
    static func parse(_ line: Span<UInt8>) throws(RequestFault) -> Int {
        var size = 0
        var end = 0
        while end < line.count, let digit = line[end].hexadecimalValue {
            guard end < 16, size <= Int.max >> 4 else {
                throw .malformed("a chunk's size must be below 2^63, in at most 16 digits")
            }
            size = size << 4 | Int(digit)
            end += 1
        }
        guard end > 0, end == line.count || line[end] == UInt8(ascii: ";") else {
            throw .malformed("a chunk must begin with its size in hexadecimal digits")
        }
        for index in end..<line.count where !line[index].isFieldContent {
            throw .malformed("a chunk's extension must not have control characters")
        }
        return size
    }
}
