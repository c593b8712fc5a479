import Synchronization
import TrainingAPI

@testable import TrainingWorker

/// A moment that messages wait for.
actor Gate {
    private var isOpen = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    func open() {
        isOpen = true
        waiting.forEach { $0.resume() }
        waiting = []
    }

    func passing() async {
        guard !isOpen else { return }
        await withCheckedContinuation { waiting.append($0) }
    }
}

/// The leases of a script, each with its own id.
final class Leases: Sendable {
    private let count = Mutex(0)

    /// The next job; one that comes ahead has the fence 2, by which it is known.
    func job(
        isBrief: Bool = true,
        steps: Int = 60,
        granted: Int? = nil,
        isAhead: Bool = false
    ) throws -> LeasedJob {
        let number = count.withLock {
            $0 += 1; return $0
        }
        var job = try Sample.job(steps: steps, granted: granted)
        job.leaseID = String(repeating: "\(number)", count: 32)
        job.isBrief = isBrief
        job.fence = isAhead ? 2 : 1
        return job
    }
}

extension ScriptedServer.Reply {
    /// A job, or nothing where there is none.
    static func reply(_ job: LeasedJob?) -> Self {
        job.map { .job($0) } ?? .nothing
    }
}
