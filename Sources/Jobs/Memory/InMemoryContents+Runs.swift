/// What workers tell of their runs, and how these end.
extension InMemoryContents {
    mutating func report(_ report: JobReport) throws(JobStoreError) -> ReportReceipt {
        var (entry, lease) = try leased(report.key, in: "report")
        guard report.sequence > lease.sequence else {
            return .duplicate(LeasedJob(job: entry.record, lease: lease))
        }
        try lease.apply(report)
        entry.append(entry.record.apply(report))
        entry.chunks += report.chunks.map { (report.key.fence, $0) }
        return .applied(store(&entry, lease))
    }

    mutating func commit(_ commit: CheckpointCommit) throws(JobStoreError) -> CheckpointReceipt {
        var (entry, lease) = try leased(commit.key, in: "commit")
        let (checkpoint, events) = entry.record.note(commit, under: lease)
        entry.append(events)
        let dropped = keep(checkpoint, of: commit, under: lease, in: &entry)
        return CheckpointReceipt(
            leased: store(&entry, lease),
            checkpoint: checkpoint,
            dropped: dropped
        )
    }

    /// Adds a checkpoint to its job; returns the files of those that went.
    private mutating func keep(
        _ checkpoint: Checkpoint,
        of commit: CheckpointCommit,
        under lease: Lease,
        in entry: inout Entry
    ) -> [StoredFile] {
        if let content = commit.content { contents[commit.file.hash] = content }
        let before = entry.checkpoints
        entry.checkpoints[commit.step] = checkpoint
        let steps = CheckpointRetention.dropped(
            by: commit,
            among: Array(entry.checkpoints.values),
            resumeStep: lease.resumeStep,
            restartFence: entry.record.restartFence
        )
        for step in steps { entry.checkpoints[step] = nil }
        let gone = before.filter { $0.key == commit.step || steps.contains($0.key) }
        return gone.sorted { $0.key < $1.key }.map(\.value.file)
    }

    mutating func attach(_ commit: ArtifactCommit) throws(JobStoreError) -> StoredFile? {
        var (entry, lease) = try leased(commit.key, in: "attach")
        let replaced = attach(commit, to: &entry)
        _ = store(&entry, lease)
        return replaced
    }

    private mutating func attach(_ commit: ArtifactCommit, to entry: inout Entry) -> StoredFile? {
        if let content = commit.content { contents[commit.artifact.file.hash] = content }
        return entry.artifacts.updateValue(commit.artifact, forKey: commit.artifact.name)?.file
    }

    mutating func finish(
        _ completion: JobCompletion
    ) throws(JobStoreError) -> CompletionReceipt {
        let key = completion.key
        let ending = completion.outcome.ending
        if let entry = entries[key.job],
            entry.runs.contains(where: { $0.lease.key == key && $0.ending == ending })
        {
            let next = completion.next.flatMap { self.lease($0) }
            return CompletionReceipt(job: entry.record, next: next)
        }
        var (entry, lease) = try leased(key, in: "finish")
        let run = try entry.record.end(completion, under: &lease, policy: policy)
        entry.append(run.events)
        entry.chunks += run.chunks.map { (key.fence, $0) }
        var dropped: [StoredFile] = []
        if let commit = completion.checkpoint, let checkpoint = run.checkpoint {
            dropped += keep(checkpoint, of: commit, under: lease, in: &entry)
        }
        dropped += completion.artifacts.compactMap { attach($0, to: &entry) }
        entry.runs[entry.runs.count - 1].lease = lease
        let job = close(entry, ending, at: completion.instant)
        return CompletionReceipt(
            job: job,
            dropped: dropped,
            next: completion.next.flatMap { self.lease($0) }
        )
    }
}
