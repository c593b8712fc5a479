import Testing

@testable import TrainingService

@Suite struct CurveTests {
    private static let wave = Curve(
        steps: Array(0..<1_000),
        values: (0..<1_000).map { Double($0 * 7_919 % 1_000) }
    )

    @Test(arguments: [(0..<10, [2, 4, 8]), (4..<8, [4]), (3..<4, []), (9..<20, []), (8..<9, [8])])
    func `gives the points at steps of a range`(range: Range<Int>, steps: [Int]) {
        let curve = Curve(steps: [2, 4, 8], values: [1, 2, 3])
        #expect(curve.points(in: range).steps == steps)
        #expect(curve.points(in: range).values == steps.map { [2: 1, 4: 2, 8: 3][$0] })
    }

    @Test func `is its own thinned form where it has few points`() {
        #expect(Self.wave.thinned(to: 1_000) == Self.wave)
    }

    @Test(arguments: [2, 3, 4, 5, 40, 101, 999])
    func `keeps no more points than the limit, with the first and the last`(limit: Int) throws {
        let thinned = Self.wave.thinned(to: limit)
        #expect(thinned.count <= limit)
        #expect(thinned.count >= limit / 4)
        #expect(thinned.steps.first == 0)
        #expect(thinned.steps.last == 999)
        #expect(thinned.steps == thinned.steps.sorted())
        #expect(Set(thinned.steps).count == thinned.count)
    }

    @Test func `keeps the least and the greatest value`() {
        var values = [Double](repeating: 1, count: 1_000)
        values[123] = -5
        values[124] = 9
        let thinned = Curve(steps: Array(0..<1_000), values: values).thinned(to: 16)
        #expect(thinned.values.contains(-5))
        #expect(thinned.values.contains(9))
    }

    @Test(arguments: [Double.nan, .infinity, -.infinity])
    func `keeps a value that is not finite beside greater ones`(value: Double) throws {
        var values = (0..<1_000).map { Double($0) }
        values[517] = value
        let thinned = Curve(steps: Array(0..<1_000), values: values).thinned(to: 16)
        let place = try #require(thinned.steps.firstIndex(of: 517))
        #expect(thinned.values[place].bitPattern == value.bitPattern)
    }

    @Test func `is thinned the same way every time`() {
        #expect(Self.wave.thinned(to: 40) == Self.wave.thinned(to: 40))
        #expect(Self.wave.thinned(to: 40).thinned(to: 40) == Self.wave.thinned(to: 40))
    }
}
