internal import Dispatch

/// Where this process writes, hashes and removes what its leases need, off the shared pools.
///
/// One queue for all of them: a worker runs one job at a time, and has one disk.
enum FileQueue {
    private static let queue = DispatchQueue(label: "lehr.worker.files")

    /// Does `work`, which may block, after what was given before, and waits for its result.
    static func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            queue.async { continuation.resume(returning: work()) }
        }
    }
}
