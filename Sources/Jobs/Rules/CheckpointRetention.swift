/// Which checkpoints of a job stay when a new one is there.
package enum CheckpointRetention {
    /// The steps of the checkpoints that go.
    ///
    /// The newest stay, and the one at the best step, and the one from which the live run started.
    ///
    /// - Parameters:
    ///   - commit: The newest commit, whose checkpoint is among `steps`.
    ///   - steps: The steps of all checkpoints of the job.
    ///   - resumeStep: The step from which the live run started.
    /// - Returns: What goes, in ascending order.
    package static func dropped(
        by commit: CheckpointCommit,
        among steps: [Int],
        resumeStep: Int
    ) -> [Int] {
        let newest = Set(steps.sorted().suffix(max(1, commit.keep)))
        let stays = newest.union([commit.step, commit.bestStep ?? commit.step, resumeStep])
        return steps.filter { !stays.contains($0) }.sorted()
    }
}
