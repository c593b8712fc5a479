/// Which checkpoints of a job stay when a new one is there.
package enum CheckpointRetention {
    /// The steps of the checkpoints that go.
    ///
    /// The newest stay, and the one at the best step, and the one from which the live run started. Those
    /// that a retry from the start has left behind go.
    ///
    /// - Parameters:
    ///   - commit: The newest commit, whose checkpoint is among `checkpoints`.
    ///   - checkpoints: All checkpoints of the job.
    ///   - resumeStep: The step from which the live run started.
    ///   - restartFence: The newest grant whose checkpoints no run goes on from any more.
    /// - Returns: What goes, in ascending order.
    package static func dropped(
        by commit: CheckpointCommit,
        among checkpoints: [Checkpoint],
        resumeStep: Int,
        restartFence: Int
    ) -> [Int] {
        let steps = checkpoints.filter { $0.fence > restartFence }.map(\.step)
        let newest = Set(steps.sorted().suffix(max(1, commit.keep)))
        let stays = newest.union([commit.step, commit.bestStep ?? commit.step, resumeStep])
        return checkpoints.filter { $0.fence <= restartFence || !stays.contains($0.step) }
            .map(\.step).sorted()
    }
}
