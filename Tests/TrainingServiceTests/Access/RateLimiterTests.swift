import Testing

@testable import TrainingService

@Suite struct RateLimiterTests {
    @Test func `lets two seconds' worth pass at once and then the rate`() {
        var limiter = RateLimiter()
        let start = ContinuousClock.now
        for _ in 0..<20 { #expect(limiter.take("a", rate: 10, at: start) == nil) }
        #expect(milliseconds(limiter.take("a", rate: 10, at: start)) == 100)
        #expect(limiter.take("b", rate: 10, at: start) == nil)
        #expect(limiter.take("a", rate: 10, at: start + .milliseconds(100)) == nil)
        #expect(milliseconds(limiter.take("a", rate: 10, at: start + .milliseconds(150))) == 50)
        // A long rest fills the bucket, and no more than that.
        let later = start + .seconds(3_600)
        for _ in 0..<20 { #expect(limiter.take("a", rate: 10, at: later) == nil) }
        #expect(limiter.take("a", rate: 10, at: later) != nil)
    }

    /// A wait to the millisecond, since a rate's reciprocal is not a whole number of attoseconds.
    private func milliseconds(_ wait: Duration?) -> Double? {
        wait.map { ($0 / .milliseconds(1)).rounded() }
    }
}
