import GRDB
import Jobs

/// What workers tell of their runs, and how these end.
extension Verbs {
    func report(_ report: JobReport, in database: Database) throws -> ReportReceipt {
        var (job, lease) = try leased(report.key, "report", in: database)
        guard report.sequence > lease.sequence else {
            return .duplicate(LeasedJob(job: job, lease: lease))
        }
        try lease.apply(report)
        let events = job.apply(report)
        try RunsTable.update(lease, in: database)
        try JobsTable.updateProgress(job, in: database)
        try EventsTable.append(events, to: job, in: database)
        for chunk in report.chunks {
            try SeriesTable.insert(chunk, under: report.key, in: database)
        }
        return .applied(LeasedJob(job: job, lease: lease))
    }

    func commit(_ commit: CheckpointCommit, in database: Database) throws -> CheckpointReceipt {
        var (job, lease) = try leased(commit.key, "commit", in: database)
        let (checkpoint, events) = job.note(commit, under: lease)
        try JobsTable.updateProgress(job, in: database)
        try EventsTable.append(events, to: job, in: database)
        return CheckpointReceipt(
            leased: LeasedJob(job: job, lease: lease),
            checkpoint: checkpoint,
            dropped: try keep(checkpoint, of: commit, job, under: lease, in: database)
        )
    }

    /// Adds a checkpoint to its job; returns the files of those that went.
    private func keep(
        _ checkpoint: Checkpoint,
        of commit: CheckpointCommit,
        _ job: JobRecord,
        under lease: Lease,
        in database: Database
    ) throws -> [StoredFile] {
        let before = try CheckpointsTable.all(of: job.id, in: database)
        if let content = commit.content {
            try ContentsTable.insert(content, as: commit.file, in: database)
        }
        try CheckpointsTable.insert(checkpoint, of: job.id, in: database)
        let steps = CheckpointRetention.dropped(
            by: commit,
            among: before.filter { $0.step != commit.step } + [checkpoint],
            resumeStep: lease.resumeStep,
            restartFence: job.restartFence
        )
        for step in steps { try CheckpointsTable.delete(at: step, of: job.id, in: database) }
        return before.filter { $0.step == commit.step || steps.contains($0.step) }.map(\.file)
    }

    func discardCheckpoint(at step: Int, of id: JobID, in database: Database) throws {
        guard try JobsTable.find(id, in: database) != nil else {
            throw JobStoreError.notFound(id, in: "discardCheckpoint")
        }
        try CheckpointsTable.delete(at: step, of: id, in: database)
    }

    func attach(_ commit: ArtifactCommit, in database: Database) throws -> StoredFile? {
        let job = try leased(commit.key, "attach", in: database).job
        return try attach([commit], to: job, in: database).first
    }

    /// Adds artifacts to their job; returns the files of those whose names they take.
    private func attach(
        _ commits: [ArtifactCommit],
        to job: JobRecord,
        in database: Database
    ) throws -> [StoredFile] {
        let before = try ArtifactsTable.all(of: job.id, in: database)
        for commit in commits {
            if let content = commit.content {
                try ContentsTable.insert(content, as: commit.artifact.file, in: database)
            }
            try ArtifactsTable.insert(commit.artifact, of: job.id, in: database)
        }
        let names = commits.map(\.artifact.name)
        return before.filter { names.contains($0.name) }.map(\.file)
    }

    func finish(_ completion: JobCompletion, in database: Database) throws -> CompletionReceipt {
        let key = completion.key
        let ending = completion.outcome.ending
        guard let known = try RunsTable.find(key, in: database),
            var job = try JobsTable.find(key.job, in: database)
        else { throw JobStoreError.leaseLost(key, in: "finish") }
        guard known.ending != ending else {
            return CompletionReceipt(job: job, next: try next(after: completion, in: database))
        }
        guard known.isLive(in: job) else { throw JobStoreError.leaseLost(key, in: "finish") }
        var lease = known.lease
        let run = try job.end(completion, under: &lease, policy: policy)
        if completion.report != nil { try RunsTable.update(lease, in: database) }
        for chunk in run.chunks { try SeriesTable.insert(chunk, under: key, in: database) }
        var dropped: [StoredFile] = []
        if let commit = completion.checkpoint, let checkpoint = run.checkpoint {
            dropped += try keep(checkpoint, of: commit, job, under: lease, in: database)
        }
        if !completion.artifacts.isEmpty {
            dropped += try attach(completion.artifacts, to: job, in: database)
        }
        try end(lease, of: job, ending, at: completion.instant, run.events, in: database)
        return CompletionReceipt(
            job: job,
            dropped: dropped,
            next: try next(after: completion, in: database)
        )
    }

    private func next(after completion: JobCompletion, in database: Database) throws -> LeasedJob? {
        try completion.next.flatMap { try lease($0, in: database) }
    }
}
