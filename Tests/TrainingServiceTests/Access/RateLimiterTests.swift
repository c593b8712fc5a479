import Testing

@testable import TrainingService

@Suite struct RateLimiterTests {
    @Test func `lets two seconds' worth pass at once and then the rate`() {
        var limiter = RateLimiter()
        let start = ContinuousClock.now
        for _ in 0..<20 { #expect(limiter.take("a", rate: 10, at: start) == nil) }
        #expect(limiter.take("a", rate: 10, at: start) == .milliseconds(100))
        #expect(limiter.take("b", rate: 10, at: start) == nil)
        #expect(limiter.take("a", rate: 10, at: start + .milliseconds(100)) == nil)
        #expect(limiter.take("a", rate: 10, at: start + .milliseconds(150)) == .milliseconds(50))
        // A long rest fills the bucket, and no more than that.
        let later = start + .seconds(3_600)
        for _ in 0..<20 { #expect(limiter.take("a", rate: 10, at: later) == nil) }
        #expect(limiter.take("a", rate: 10, at: later) != nil)
    }
}
