internal import TrainingAPI

/// One of the ways on which a worker gets jobs and runs them.
///
/// Belongs to the worker's actor.
final class WorkerLane {
    /// Whether only a brief job comes on it, while another is on its way.
    ///
    /// So the worker computes while the server's disk is waited for. Any job comes on the one lane that is
    /// not ahead, which waits for the others.
    let isAhead: Bool
    /// What goes on on a lane ahead, while something does.
    var work: Task<Void, Never>?
    /// The job in hand, from its grant until its end was taken.
    var job: LeasedJob?
    /// The job's run, while it trains.
    var run: WorkerRun? {
        didSet {
            guard run == nil else { return }
            idle?.resume()
            idle = nil
        }
    }
    /// Resumed once nothing trains on the lane.
    var idle: CheckedContinuation<Void, Never>?
    /// The job's run, while it is a command.
    var command: CommandRun?
    /// The wait for a job.
    var wait: Task<LeasedJob?, any Error>?
    /// The request for a job that no answer has come to yet: it is repeated as it is, so that a lost
    /// answer loses no lease.
    var unanswered: LeaseRequest?

    /// Makes a lane without a job.
    init(isAhead: Bool) {
        self.isAhead = isAhead
    }

    /// Makes what is in hand end as soon as it can.
    func stop() {
        run?.stop()
        command?.stop()
        wait?.cancel()
    }
}
