import Dispatch
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

    /// Waits for the value; nil when none comes for 20 s.
    func take() -> Value? {
        guard filled.wait(timeout: .now() + 20) == .success else { return nil }
        defer { filled.signal() }
        return value.withLock(\.self)
    }
}
