internal import Dispatch
internal import Foundation

/// Does small recurring work on one queue of its own, as long as it lives.
final class Sweeper: Sendable {
    private let queue = DispatchQueue(label: "lehr.sweeper")
    private let lock = NSLock()
    // Guarded by `lock`.
    nonisolated(unsafe) private var timers: [any DispatchSourceTimer] = []

    /// Begins to do `work` every `interval`, for the first time after one interval.
    func start(every interval: Duration, _ work: @escaping @Sendable () -> Void) {
        let timer = DispatchSource.makeTimerSource(queue: queue)
        timer.setEventHandler { @Sendable in work() }
        timer.schedule(
            deadline: .now() + interval.inSeconds,
            repeating: interval.inSeconds,
            leeway: .milliseconds(50)
        )
        timer.resume()
        lock.lock()
        defer { lock.unlock() }
        timers.append(timer)
    }

    /// Does `work` once, as soon as the queue is free.
    func soon(_ work: @escaping @Sendable () -> Void) {
        queue.async(execute: work)
    }

    deinit {
        for timer in timers { timer.cancel() }
    }
}
