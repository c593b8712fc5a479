/// Which checkpoints of a job stay when a new one is there.
package enum CheckpointRetention {
    /// The steps of the checkpoints that go.
    ///
    /// The newest stay, and the one at the best step, and the one from which the live run started, and that
    /// of another job from which this one goes on. Those that a retry from the start has left behind go.
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
        let steps = checkpoints.filter { $0.isOpen(after: restartFence) }.map(\.step)
        let newest = Set(steps.sorted().suffix(max(1, commit.keep)))
        let stays = newest.union([commit.step, commit.bestStep ?? commit.step, resumeStep])
        let gone = checkpoints.filter { checkpoint in
            guard checkpoint.fence > 0 else { return false }
            return !checkpoint.isOpen(after: restartFence) || !stays.contains(checkpoint.step)
        }
        return gone.map(\.step).sorted()
    }
}
