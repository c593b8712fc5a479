import Foundation
import Testing

@testable import TrainingService

@Suite struct MonotonicConditionTests {
    @Test func `a wait ends at its time and not before`() {
        let condition = MonotonicCondition()
        condition.lock()
        defer { condition.unlock() }
        let end = ContinuousClock.now + .milliseconds(30)
        // A wait may end for nothing.
        while condition.wait(until: end) {}
        #expect(ContinuousClock.now >= end - .milliseconds(1))
        #expect(!condition.wait(until: .now - .seconds(1)))
    }

    @Test func `who waits is woken`() {
        let condition = MonotonicCondition()
        nonisolated(unsafe) var isReady = false
        let thread = Thread {
            condition.lock()
            isReady = true
            condition.broadcast()
            condition.unlock()
        }
        condition.lock()
        thread.start()
        while !isReady { condition.wait() }
        condition.unlock()
        #expect(isReady)
    }
}
