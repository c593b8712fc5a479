import Testing

@testable import TrainingService

@Suite struct CurveCodingTests {
    private func decoded(_ payload: [UInt8], _ range: Range<Int>) throws -> Curve {
        var curve = Curve()
        try CurveCoding.decode(payload, covering: range, into: &curve)
        return curve
    }

    private static let odd: [Double] = [
        0.1, -0.0, .nan, .infinity, -.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
    ]

    @Test func `gives a value for every step back to the bit`() throws {
        let curve = try decoded(CurveCoding.encode(dense: Self.odd), 5..<12)
        #expect(curve.steps == Array(5..<12))
        #expect(curve.values.map(\.bitPattern) == Self.odd.map(\.bitPattern))
    }

    @Test func `gives values at some steps back to the bit`() throws {
        let steps = [10, 11, 500, 4_000_000_000, 4_000_000_001, 4_000_000_002, 4_000_000_009]
        let payload = CurveCoding.encode(steps: steps, values: Self.odd, fromStep: 10)
        let curve = try decoded(payload, 10..<4_000_000_010)
        #expect(curve.steps == steps)
        #expect(curve.values.map(\.bitPattern) == Self.odd.map(\.bitPattern))
    }

    @Test func `stores a value that never changes once`() throws {
        let payload = CurveCoding.encode(dense: [Double](repeating: 0.1, count: 4_096))
        #expect(payload.count == 9)
        #expect(try decoded(payload, 0..<4_096).values == .init(repeating: 0.1, count: 4_096))
    }

    @Test func `tells zero from its negative`() throws {
        let values = [0.0, -0.0]
        let curve = try decoded(CurveCoding.encode(dense: values), 0..<2)
        #expect(curve.values.map(\.sign) == [.plus, .minus])
    }

    @Test(arguments: [
        [], [3], [9, 1, 2], [0, 1, 2, 3], [0] + [UInt8](repeating: 0, count: 15),
        [1] + [UInt8](repeating: 0, count: 7), [1] + [UInt8](repeating: 0, count: 9),
        [2] + [UInt8](repeating: 0, count: 11), [2] + [UInt8](repeating: 0, count: 13),
    ])
    func `refuses what is no stored curve of two steps`(payload: [UInt8]) {
        #expect(throws: CurveCoding.CorruptCurve.self) { try decoded(payload, 0..<2) }
    }
}
