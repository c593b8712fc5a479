import Dispatch
import Foundation
import Synchronization

/// Looks at how far a database's log grows while something is read, which keeps it from being written over.
final class LogWatch {
    private final class Finding: Sendable {
        let isExceeded = Atomic(false)
    }

    /// The time between two looks.
    private static let interval = DispatchTimeInterval.milliseconds(100)

    private let queue = DispatchQueue(label: "lehr.log-watch")
    private let timer: any DispatchSourceTimer
    private let finding = Finding()

    /// Begins to look.
    ///
    /// - Parameters:
    ///   - path: The database.
    ///   - limit: By how many bytes the log may grow.
    ///   - exceeded: Called at every look that finds more, until the end.
    init(_ path: String, limit: Int, exceeded: @escaping @Sendable () -> Void) {
        let log = path + "-wal"
        let start = SQLiteFile.size(log)
        timer = DispatchSource.makeTimerSource(queue: queue)
        timer.setEventHandler { @Sendable [finding] in
            guard SQLiteFile.size(log) - start > limit else { return }
            finding.isExceeded.store(true, ordering: .relaxed)
            exceeded()
        }
        timer.schedule(deadline: .now() + Self.interval, repeating: Self.interval)
        timer.resume()
    }

    /// Looks no more; whether the log has grown too far.
    func end() -> Bool {
        timer.cancel()
        // After a look that goes on.
        return queue.sync { finding.isExceeded.load(ordering: .relaxed) }
    }
}
