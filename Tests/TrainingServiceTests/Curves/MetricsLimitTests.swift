import Testing

@testable import TrainingService

@Suite struct MetricsLimitTests {
    @Test(arguments: [
        (0, 1_000, 2_000_000), (1, 1_000, 2_000_000), (20, 1_000, 100_000), (200, 1_000, 10_000),
        (400, 500, 5_000), (12_000, 16, 166), (10_000_000, 2, 2),
    ])
    func `the curves of one answer share what it may hold`(curves: Int, usual: Int, most: Int) {
        #expect(MetricsLimit.points(of: curves) == usual)
        #expect(MetricsLimit.mostPoints(of: curves) == most)
    }
}
