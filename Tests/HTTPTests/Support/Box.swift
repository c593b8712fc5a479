import Dispatch
import Foundation
import Glibc
import Synchronization

/// A value that one thread leaves and another waits for.
final class Box<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)
    private let filled = DispatchSemaphore(value: 0)

    /// Leaves the value; only the first counts.
    func put(_ value: Value) {
        let isFirst = self.value.withLock { current in
            defer { current = current ?? value }
            return current == nil
        }
        if isFirst { filled.signal() }
    }

    /// The value, if it has come.
    var current: Value? { value.withLock(\.self) }

    /// Waits for the value; nil when none comes for 20 s.
    func take() -> Value? {
        guard filled.wait(timeout: .now() + 20) == .success else { return nil }
        defer { filled.signal() }
        return value.withLock(\.self)
    }
}

/// Runs work that blocks beside the test.
func onThread(_ work: @escaping @Sendable () -> Void) {
    Thread(block: work).start()
}

/// Looks again and again until a condition holds; false when it does not within 20 s.
func waits(until condition: () -> Bool) -> Bool {
    let end = ContinuousClock.now + .seconds(20)
    while ContinuousClock.now < end {
        if condition() { return true }
        sched_yield()
    }
    return false
}
