import Foundation

/// Counters as a text, from which they are read back bit for bit.
package enum StateText {
    /// The text of a value of numbers, flags and texts; numbers that are not finite are words.
    package static func text(of value: some Encodable) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        do {
            return String(decoding: try encoder.encode(value), as: UTF8.self)
        } catch {
            preconditionFailure("counters of numbers and flags cannot be encoded: \(error)")
        }
    }

    /// Reads a text; nil where it is that of no such value.
    package static func value<Value: Decodable>(_ text: String) -> Value? {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf",
            negativeInfinity: "-inf",
            nan: "nan"
        )
        // What cannot be read is told by the nil.
        return try? decoder.decode(Value.self, from: Data(text.utf8))
    }
}
