import Synchronization

@testable import TrainingWorker

/// A worker that a script can stop.
final class WorkerBox: Sendable {
    private let worker = Mutex<Worker?>(nil)

    func set(_ worker: Worker) {
        self.worker.withLock { $0 = worker }
    }

    func stop() async {
        await worker.withLock { $0 }?.stop()
    }
}
