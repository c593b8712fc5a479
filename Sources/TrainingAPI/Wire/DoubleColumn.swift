internal import Foundation

/// Doubles on the wire, exact to the bit.
///
/// In JSON a column is a list of numbers, or a string that holds the doubles' big-endian bytes in
/// base64: a tenth of the time to write and to read, and room for values that are not finite.
public struct DoubleColumn: Hashable, Sendable, JSONWritable {
    /// The values in order.
    public let values: [Double]

    /// Makes a column.
    public init(_ values: [Double]) {
        self.values = values
    }

    /// Reads either form.
    public init?(_ document: Document) {
        switch document.value {
        case .array(let items):
            let numbers = items.compactMap { item -> Double? in
                if case .null = item.value { .nan } else { item.double }
            }
            guard numbers.count == items.count else { return nil }
            values = numbers
        case .string(let text):
            guard let data = Data(base64Encoded: text), data.count.isMultiple(of: 8) else {
                return nil
            }
            values = data.withUnsafeBytes { bytes in
                (0..<bytes.count / 8).map { index in
                    let bits = bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self)
                    return Double(bitPattern: UInt64(bigEndian: bits))
                }
            }
        default:
            return nil
        }
    }

    /// The doubles' big-endian bytes, as they are digested and stored.
    public var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(values.count * 8)
        for value in values {
            withUnsafeBytes(of: value.bitPattern.bigEndian) { bytes.append(contentsOf: $0) }
        }
        return bytes
    }

    /// Writes the column in base64.
    public func write(to writer: inout JSONWriter) {
        writer.string(Data(bytes).base64EncodedString())
    }
}
