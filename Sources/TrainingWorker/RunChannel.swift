internal import Foundation
package import Training
package import TrainingAPI

/// What passes between the thread that trains and the task that reports: rates one way, metrics the
/// other.
///
/// The training thread blocks here in three cases alone: no rate is granted for the next step, the
/// lease's term is over, or ``bufferLimit`` bytes of metrics wait to be reported.
package final class RunChannel: Sendable {
    /// The bytes of metrics that may wait before training waits for them.
    package static let bufferLimit = 8 << 20

    /// Why a run ends before its last step.
    package enum Stop: Sendable {
        /// The job is to be cancelled, or the worker stops: the lease is given back.
        case release
        /// The lease belongs to somebody else: nothing may be written any more.
        case leaseLost
    }

    /// The rate and momentum of one update.
    package struct Rate: Sendable {
        /// The learning rate.
        package let learningRate: Double
        /// The momentum; `nil` where the optimizer's own holds.
        package let momentum: Double?
    }

    /// What one update applied and found.
    package struct Update: Sendable {
        /// The learning rate that was applied, before any conversion.
        package let learningRate: Double
        /// The momentum that was applied, before any conversion.
        package let momentum: Double
        /// The batch's mean loss before the update.
        package let loss: Double
        /// The Euclidean norm of the gradient before clipping.
        package let gradientNorm: Double
        /// The Euclidean norm of the update over that of the parameters, where it was measured.
        package let updateToWeightRatio: Double?
        /// The rows that the update was made of.
        package let rows: Int
        /// How long the update took.
        package let seconds: Double
        /// The wall time of running when the update was made.
        package let elapsed: Double

        /// Makes a record of an update.
        package init(
            learningRate: Double,
            momentum: Double,
            loss: Double,
            gradientNorm: Double,
            updateToWeightRatio: Double?,
            rows: Int,
            seconds: Double,
            elapsed: Double
        ) {
            self.learningRate = learningRate
            self.momentum = momentum
            self.loss = loss
            self.gradientNorm = gradientNorm
            self.updateToWeightRatio = updateToWeightRatio
            self.rows = rows
            self.seconds = seconds
            self.elapsed = elapsed
        }
    }

    /// A copy of the state, on its way to the server.
    package struct Checkpoint: Sendable {
        /// The copy.
        package let file: CheckpointFile
        /// The finished updates at the best validation so far.
        package let bestStep: Int?
    }

    fileprivate struct State {
        /// The step of the first of `rates`.
        var firstStep: Int
        /// The rates of granted steps in order.
        var rates: [Rate]
        var leaseEnd: ContinuousClock.Instant
        var stop: Stop?
        var batch: MetricsBatch
        /// The newest copy that was not handed on yet.
        var checkpoint: Checkpoint?
        /// The copies that the server does not have yet.
        var savings = 0
        /// The seconds of running of earlier runs, on the way to where this one started.
        var secondsBefore = 0.0
        var log = RunLog()
    }

    // Guarded by `condition`.
    nonisolated(unsafe) private var state: State
    private let condition = NSCondition()
    private let wake: @Sendable () -> Void
    private let reportSteps: Int

    /// Makes a channel for a run that goes on from the step of `grant`.
    ///
    /// - Parameters:
    ///   - grant: The first rates.
    ///   - leaseEnd: When the lease's term is over.
    ///   - reportSteps: The updates after which a report is due, whatever the time.
    ///   - wake: Called, from the training thread, when a report is due before its time.
    package init(
        grant: Grant,
        leaseEnd: ContinuousClock.Instant,
        reportSteps: Int = 4_096,
        wake: @escaping @Sendable () -> Void
    ) {
        state = State(
            firstStep: grant.fromStep,
            rates: grant.rates,
            leaseEnd: leaseEnd,
            batch: MetricsBatch(fromStep: grant.fromStep)
        )
        self.reportSteps = reportSteps
        self.wake = wake
    }

    // MARK: - The training thread's side

    /// The rate of `step`, or `nil` where the run must stop; blocks until one of them is known.
    ///
    /// - Parameter step: The next step; steps come in order, from the first grant's.
    /// - Returns: What was granted for the step.
    package func rate(at step: Int) -> Rate? {
        condition.lock()
        defer { condition.unlock() }
        precondition(step >= state.firstStep, "step \(step) is behind the granted ones")
        while state.stop == nil {
            let index = step - state.firstStep
            let hasRoom = state.batch.byteCount < Self.bufferLimit
            if index < state.rates.count, hasRoom, ContinuousClock.now < state.leaseEnd {
                return state.rates[index]
            }
            wake()
            condition.wait()
        }
        return nil
    }

    /// Notes the next update.
    package func record(_ update: Update) {
        condition.lock()
        defer { condition.unlock() }
        state.batch.append(update)
        if state.batch.stepCount == reportSteps { wake() }
    }

    /// Notes values that stand at one count of finished updates.
    package func record(at step: Int, _ values: [(name: String, value: Double)]) {
        condition.lock()
        defer { condition.unlock() }
        for (name, value) in values { state.batch.append(name, at: step, value) }
        state.log.note(values, at: step)
    }

    /// Notes a line for the job's log.
    package func log(_ line: String) {
        condition.lock()
        defer { condition.unlock() }
        state.log.append(line)
    }

    /// Notes how long earlier runs have run on the way to where this one starts.
    package func resume(after seconds: Double) {
        condition.lock()
        defer { condition.unlock() }
        state.secondsBefore = seconds
    }

    /// The seconds of running of earlier runs.
    package var secondsBefore: Double {
        condition.lock()
        defer { condition.unlock() }
        return state.secondsBefore
    }

    /// Whether a copy of the state has not reached the server yet.
    package var isSaving: Bool {
        condition.lock()
        defer { condition.unlock() }
        return state.savings > 0
    }

    /// Hands a copy of the state over, in place of one that nobody has taken up.
    ///
    /// - Parameters:
    ///   - checkpoint: The copy.
    ///   - isLast: Whether the run ends with it, so that it may wait for what else there is to send then.
    package func save(_ checkpoint: Checkpoint, isLast: Bool = false) {
        condition.lock()
        defer { condition.unlock() }
        if state.checkpoint == nil { state.savings += 1 }
        state.checkpoint = checkpoint
        if !isLast { wake() }
    }

    // MARK: - The reporter's side

    /// Takes what was noted since the last call, and the copy of the state that was handed over.
    ///
    /// All that led to the copied state is in this batch or in an earlier one: the copy may be sent once
    /// the batch is acknowledged.
    package func drain() -> (batch: MetricsBatch, checkpoint: Checkpoint?) {
        condition.lock()
        defer { condition.unlock() }
        let next = MetricsBatch(following: state.batch)
        defer {
            state.batch = next
            state.checkpoint = nil
            condition.broadcast()
        }
        return (state.batch, state.checkpoint)
    }

    /// Takes the lines that were noted since the last call.
    package func drainLog() -> [String] {
        condition.lock()
        defer { condition.unlock() }
        return state.log.drain()
    }

    /// Notes that a copy has reached the server, or was given up.
    package func noteSaved() {
        condition.lock()
        defer { condition.unlock() }
        state.savings -= 1
    }

    /// Adds rates and renews the term; a rate that was granted before stays as it was.
    package func extend(_ grant: Grant?, leaseEnd: ContinuousClock.Instant) {
        condition.lock()
        defer { condition.unlock() }
        if let grant { state.add(grant) }
        state.leaseEnd = max(state.leaseEnd, leaseEnd)
        condition.broadcast()
    }

    /// Makes the run stop before its next update; a lost lease stays lost.
    package func stop(_ reason: Stop) {
        condition.lock()
        defer { condition.unlock() }
        if state.stop != .leaseLost { state.stop = reason }
        condition.broadcast()
    }

    /// Why the run was stopped, where it was.
    package var stopReason: Stop? {
        condition.lock()
        defer { condition.unlock() }
        return state.stop
    }
}

extension RunChannel.State {
    /// The rates of past steps that are kept, before they are dropped all at once.
    private static let pastLimit = 65_536

    /// Adds the rates of a grant that begins at or before the first step that is not granted.
    fileprivate mutating func add(_ grant: Grant) {
        let known = firstStep + rates.count - grant.fromStep
        guard known >= 0 else { return }
        rates += grant.rates.dropFirst(known)
        let past = batch.toStep - firstStep
        if past > Self.pastLimit {
            rates.removeFirst(past)
            firstStep += past
        }
    }
}

extension Grant {
    /// The rates one by one.
    fileprivate var rates: [RunChannel.Rate] {
        learningRates.indices.map { index in
            RunChannel.Rate(learningRate: learningRates[index], momentum: momenta?[index])
        }
    }
}
