import Dispatch
import Glibc

/// Turns termination signals into calls.
final class Signals {
    private var sources: [any DispatchSourceSignal] = []

    /// Calls `first` at the first SIGTERM or SIGINT, and `second` at each one after it.
    ///
    /// - Parameters:
    ///   - first: Called on a queue of its own; begins an orderly end.
    ///   - second: Called on the same queue; ends the process.
    init(first: @escaping @Sendable () -> Void, second: @escaping @Sendable () -> Void) {
        let queue = DispatchQueue(label: "signals")
        let counter = Counter()
        for number in [SIGTERM, SIGINT] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler { @Sendable in
                if counter.next() == 1 { first() } else { second() }
            }
            start(source)
        }
    }

    /// Calls `reload` at each SIGHUP, on a queue of its own; without this call SIGHUP ends the process.
    func onHangup(_ reload: @escaping @Sendable () -> Void) {
        signal(SIGHUP, SIG_IGN)
        let queue = DispatchQueue(label: "reload")
        let source = DispatchSource.makeSignalSource(signal: SIGHUP, queue: queue)
        source.setEventHandler { @Sendable in reload() }
        start(source)
    }

    /// Returns once no signal can be missed: those that come before a source is registered are ignored.
    private func start(_ source: any DispatchSourceSignal) {
        let registered = DispatchSemaphore(value: 0)
        source.setRegistrationHandler { registered.signal() }
        source.resume()
        registered.wait()
        sources.append(source)
    }

    /// Counts signals; confined to the signals' serial queue.
    private final class Counter: @unchecked Sendable {
        private var count = 0

        func next() -> Int {
            count += 1
            return count
        }
    }
}
