/// Writes messages of protocol buffers.
///
/// Source: "Protocol Buffers: Encoding", sections "Base 128 varints" and "Message structure".
struct ProtobufWriter {
    /// What was written so far.
    private(set) var bytes: [UInt8] = []

    /// How a field's value is laid out.
    private enum WireType: UInt64 {
        case number = 0
        case lengthDelimited = 2
        case fixed32 = 5
    }

    /// Writes an integer that is not negative.
    mutating func field(_ number: Int, _ value: Int) {
        key(number, .number)
        varint(UInt64(value))
    }

    /// Writes a float.
    mutating func field(_ number: Int, _ value: Float) {
        key(number, .fixed32)
        withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }

    /// Writes a text.
    mutating func field(_ number: Int, _ text: String) {
        field(number, bytes: Array(text.utf8))
    }

    /// Writes a message within this one.
    mutating func message(_ number: Int, _ body: (inout ProtobufWriter) -> Void) {
        var inner = ProtobufWriter()
        body(&inner)
        field(number, bytes: inner.bytes)
    }

    /// Writes floats as the bytes of a field, little-endian.
    mutating func field(_ number: Int, raw values: [Float]) {
        key(number, .lengthDelimited)
        varint(UInt64(values.count * MemoryLayout<Float>.stride))
        values.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }

    private mutating func field(_ number: Int, bytes content: [UInt8]) {
        key(number, .lengthDelimited)
        varint(UInt64(content.count))
        bytes += content
    }

    private mutating func key(_ number: Int, _ type: WireType) {
        varint(UInt64(number) << 3 | type.rawValue)
    }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}
