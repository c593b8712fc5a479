import CKernels
import TrainingAPI

extension TrainingSession {
    /// The most batches in a row that are passed over.
    private static let skipLimit = 100
    /// How often one state is returned to.
    private static let rollbackLimit = 3

    /// How many batches were passed over since the start because loss or gradient were not finite.
    package var skippedBatches: Int { counters.skippedBatches }
    /// How often weights and optimizer went back to an earlier state since the start.
    package var rollbacks: Int { counters.rollbacks }

    /// Passes over a batch that made no update because of `error`, the `failures`th in a row.
    ///
    /// Throws where the plan says so, or where there is no hope.
    func passOver(_ error: TrainingError, failures: Int) throws(TrainingError) {
        // The batch went through the network all the same.
        buffers.copy(earlierBuffers)
        switch plan.onNonFinite {
        case .fail:
            throw error
        case .skipStep:
            // After an epoch of them every batch has had its turn.
            guard failures < min(stepsPerEpoch, Self.skipLimit) else {
                throw .notSkippable(step: step, batches: failures)
            }
        case .rollback:
            try rollBack()
        }
        counters.skippedBatches += 1
    }

    /// Prepares a rollback to the present state where the plan wants one, or makes one where the
    /// present weights are not finite.
    package func prepareRollback() throws(TrainingError) {
        guard plan.onNonFinite == .rollback else { return }
        guard lehr_sum_of_squares(parameters.elements, parameters.count).isFinite else {
            return try rollBack()
        }
        takeSnapshot()
    }

    /// Returns weights, optimizer and average to the state that was prepared last; steps go on.
    ///
    /// Throws `notRecoverable` where that state was returned to too often.
    package func rollBack() throws(TrainingError) {
        precondition(!snapshot.isEmpty, "a rollback that the plan does not want")
        guard counters.rollbacksToSnapshot < Self.rollbackLimit else {
            throw .notRecoverable(step: step, rollbacks: counters.rollbacksToSnapshot)
        }
        for (array, copy) in zip(trained, snapshot) { array.copy(copy) }
        counters.optimizer = counters.snapshot
        counters.rollbacks += 1
        counters.rollbacksToSnapshot += 1
    }

    /// Copies the present state to where a rollback finds it.
    func takeSnapshot() {
        for (array, copy) in zip(trained, snapshot) { copy.copy(array) }
        counters.snapshot = counters.optimizer
        counters.rollbacksToSnapshot = 0
    }
}
