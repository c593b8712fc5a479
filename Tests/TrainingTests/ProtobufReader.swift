import Foundation

/// A message of protocol buffers taken apart: what a reader that knows no schema sees.
///
/// Source: "Protocol Buffers: Encoding". Written apart from the writer, so that one can prove the other.
struct ProtobufReader {
    enum Value: Equatable {
        case number(UInt64)
        case fixed(UInt32)
        case bytes([UInt8])
    }

    /// The fields in their order.
    let fields: [(number: Int, value: Value)]

    /// Takes `bytes` apart; nil where they are no message.
    init?(_ bytes: [UInt8]) {
        var rest = bytes[...]
        func varint() -> UInt64? {
            var (value, shift) = (UInt64(0), UInt64(0))
            while let byte = rest.popFirst(), shift < 64 {
                value |= UInt64(byte & 0x7F) << shift
                if byte < 0x80 { return value }
                shift += 7
            }
            return nil
        }
        func take(_ count: Int) -> [UInt8]? {
            guard count <= rest.count else { return nil }
            defer { rest = rest.dropFirst(count) }
            return Array(rest.prefix(count))
        }
        var fields: [(Int, Value)] = []
        while !rest.isEmpty {
            guard let key = varint() else { return nil }
            let value: Value?
            switch key & 7 {
            case 0: value = varint().map { .number($0) }
            case 2: value = varint().flatMap { take(Int($0)) }.map { .bytes($0) }
            case 5:
                value = take(4).map { bytes in
                    .fixed(bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) })
                }
            default: value = nil
            }
            guard let value else { return nil }
            fields.append((Int(key >> 3), value))
        }
        self.fields = fields
    }

    /// The values of a field's every occurrence.
    subscript(number: Int) -> [Value] { fields.filter { $0.number == number }.map(\.value) }

    /// The texts in a field.
    func texts(_ number: Int) -> [String] {
        blocks(number).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The numbers in a field.
    func numbers(_ number: Int) -> [Int] {
        self[number].compactMap { if case .number(let value) = $0 { Int(value) } else { nil } }
    }

    /// The messages in a field.
    func messages(_ number: Int) -> [ProtobufReader] {
        blocks(number).compactMap { ProtobufReader($0) }
    }

    /// The floats in the raw bytes of a field.
    func floats(_ number: Int) -> [Float] {
        (blocks(number).first ?? []).withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: 4).map {
                Float(bitPattern: bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self))
            }
        }
    }

    private func blocks(_ number: Int) -> [[UInt8]] {
        self[number].compactMap { if case .bytes(let value) = $0 { value } else { nil } }
    }
}
