/// The stored form of a piece of a curve.
///
/// A byte tells the form: 0, a value for every step; 1, one value that holds for every step; 2, pairs of
/// a step's distance from the first step, 32 bits, and a value. Numbers are big-endian; values are
/// doubles, exact to the bit.
enum CurveCoding {
    enum Form: UInt8 {
        /// A value for every step.
        case dense = 0
        /// One value that holds for every step.
        case constant = 1
        /// Steps with their values.
        case sparse = 2
    }

    /// A stored form that this version does not know or that is cut short.
    struct CorruptCurve: Error, CustomStringConvertible {
        /// A sentence for the log and the client.
        var description: String { "a stored piece of a curve cannot be read" }
    }

    /// Encodes a value for every step of a range.
    static func encode(dense values: [Double]) -> [UInt8] {
        if let first = values.first, values.allSatisfy({ $0.bitPattern == first.bitPattern }) {
            return [Form.constant.rawValue] + bytes(of: first.bitPattern)
        }
        var encoded = [Form.dense.rawValue]
        encoded.reserveCapacity(1 + values.count * 8)
        for value in values { encoded += bytes(of: value.bitPattern) }
        return encoded
    }

    /// Encodes values at some steps, none below `fromStep`.
    static func encode(steps: [Int], values: [Double], fromStep: Int) -> [UInt8] {
        var encoded = [Form.sparse.rawValue]
        for (step, value) in zip(steps, values) {
            encoded += bytes(of: UInt32(step - fromStep))
            encoded += bytes(of: value.bitPattern)
        }
        return encoded
    }

    /// Appends the points of `payload`, which covers `range`, to `curve`.
    ///
    /// - Returns: The form that the payload has.
    @discardableResult
    static func decode(
        _ payload: [UInt8],
        covering range: Range<Int>,
        into curve: inout Curve
    ) throws(CorruptCurve) -> Form {
        guard let form = payload.first.flatMap(Form.init(rawValue:)) else { throw CorruptCurve() }
        switch form {
        case .dense:
            guard payload.count == 1 + range.count * 8 else { throw CorruptCurve() }
            for (offset, step) in range.enumerated() {
                curve.append(step: step, value: double(payload, at: 1 + offset * 8))
            }
        case .constant:
            guard payload.count == 9 else { throw CorruptCurve() }
            let value = double(payload, at: 1)
            for step in range { curve.append(step: step, value: value) }
        case .sparse:
            guard (payload.count - 1).isMultiple(of: 12) else { throw CorruptCurve() }
            for start in stride(from: 1, to: payload.count, by: 12) {
                let distance: UInt32 = integer(payload, at: start)
                curve.append(
                    step: range.lowerBound + Int(distance),
                    value: double(payload, at: start + 4)
                )
            }
        }
        return form
    }

    private static func bytes(of integer: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: integer.bigEndian) { Array($0) }
    }

    private static func integer<Integer: FixedWidthInteger>(
        _ bytes: [UInt8],
        at offset: Int
    ) -> Integer {
        bytes.withUnsafeBytes {
            Integer(bigEndian: $0.loadUnaligned(fromByteOffset: offset, as: Integer.self))
        }
    }

    private static func double(_ bytes: [UInt8], at offset: Int) -> Double {
        Double(bitPattern: integer(bytes, at: offset))
    }
}
