/// A job as it is read: the body of `GET /v1/jobs/{id}` and an item of a list.
public struct JobBody: Hashable, Sendable {
    /// How far a run has come.
    public struct Progress: Hashable, Sendable {
        /// The finished updates.
        public var step: Int
        /// The updates in the whole run.
        public var totalSteps: Int
        /// The updates in one epoch.
        public var stepsPerEpoch: Int
        /// The seconds that the rest will take at the present speed; `nil` where that is not known.
        public var secondsLeft: Double?

        /// Makes progress.
        public init(step: Int, totalSteps: Int, stepsPerEpoch: Int, secondsLeft: Double? = nil) {
            self.step = step
            self.totalSteps = totalSteps
            self.stepsPerEpoch = stepsPerEpoch
            self.secondsLeft = secondsLeft
        }

        /// The passes over the training rows so far.
        public var epoch: Double { Double(step) / Double(max(1, stepsPerEpoch)) }
        /// The passes over the training rows in the whole run.
        public var epochs: Double { Double(totalSteps) / Double(max(1, stepsPerEpoch)) }
    }

    /// Why a job failed.
    public struct Failure: Hashable, Sendable {
        /// The kind of failure, for programs.
        public var code: String
        /// What happened, for people.
        public var detail: String

        /// Makes a failure.
        public init(code: String, detail: String) {
            self.code = code
            self.detail = detail
        }
    }

    /// The checkpoint of another job from which a job goes on.
    public struct Origin: Hashable, Sendable {
        /// The other job.
        public var jobID: String
        /// The finished updates of its checkpoint.
        public var step: Int

        /// Makes an origin.
        public init(jobID: String, step: Int) {
            self.jobID = jobID
            self.step = step
        }
    }

    /// The job's id, a UUID of version 7.
    public var id: String
    /// What people call the job.
    public var name: String?
    /// The kind of work.
    public var kind: String
    /// Where the job stands in its life.
    public var state: String
    /// Why the job waits or ended, as a sentence.
    public var stateReason: String?
    /// Whether the job runs on without word from its worker.
    public var unreachable = false
    /// The try that runs or ran last, from 1; 0 before the first.
    public var attempt: Int
    /// The normalised specification, JSON.
    public var specification: JSONFragment
    /// How far the run has come.
    public var progress: Progress
    /// What the run came to, as far as it has come.
    public var summary: TrainingSummary?
    /// Why the job failed.
    public var failure: Failure?
    /// The reported steps of the newest run that used other rates than those that were granted.
    public var mismatchedSteps = 0
    /// From where the job goes on; `nil` for a job of its own.
    public var forkedFrom: Origin?
    /// What was legal and looked wrong when the job was accepted.
    public var warnings: [Fault] = []
    /// What people sort jobs by.
    public var labels: [String: String] = [:]
    /// What people want to remember.
    public var notes: String?
    /// The worker that runs the job or ran it last.
    public var host: String?
    /// When the job was accepted, RFC 3339.
    public var createdAt: String
    /// When the job first ran.
    public var startedAt: String?
    /// When the job ended.
    public var finishedAt: String?

    /// Makes a body from what every job has.
    public init(
        id: String,
        kind: String,
        state: String,
        attempt: Int,
        specification: JSONFragment,
        progress: Progress,
        createdAt: String
    ) {
        self.id = id
        self.kind = kind
        self.state = state
        self.attempt = attempt
        self.specification = specification
        self.progress = progress
        self.createdAt = createdAt
    }

    /// Whether the job will not change any more.
    public var isFinal: Bool { ["succeeded", "failed", "cancelled"].contains(state) }
}

extension JobBody: JSONWritable {
    /// Writes the job.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("id", id)
            writer.field("name", name)
            writer.field("kind", kind)
            writer.field("state", state)
            writer.field("state_reason", stateReason)
            writer.field("unreachable", unreachable)
            writer.field("attempt", attempt)
            writer.field("spec", specification)
            writer.field("progress", progress)
            writer.field("summary", summary)
            writer.field("failure", failure)
            writer.field("study_id", String?.none)
            writer.field("mismatched_steps", mismatchedSteps)
            writer.name("forked_from")
            if let forkedFrom {
                writer.object { writer in
                    writer.field("job_id", forkedFrom.jobID)
                    writer.field("step", forkedFrom.step)
                }
            } else {
                writer.null()
            }
            writer.field("warnings", warnings)
            writer.field("labels", labels)
            writer.field("notes", notes)
            writer.field("host", host)
            writer.field("created_at", createdAt)
            writer.field("started_at", startedAt)
            writer.field("finished_at", finishedAt)
        }
    }

    /// Reads a job.
    public init?(_ document: Document) {
        guard let id = document["id"]?.string, let kind = document["kind"]?.string,
            let state = document["state"]?.string, let attempt = document["attempt"]?.integer,
            let specification = document["spec"], let created = document["created_at"]?.string,
            let progress = document["progress"].flatMap({ Progress($0) })
        else { return nil }
        self.init(
            id: id,
            kind: kind,
            state: state,
            attempt: attempt,
            specification: JSONFragment(specification),
            progress: progress,
            createdAt: created
        )
        name = document["name"]?.string
        stateReason = document["state_reason"]?.string
        unreachable = document["unreachable"]?.bool ?? false
        summary = document["summary"].flatMap { TrainingSummary($0) }
        failure = document["failure"].flatMap { Failure($0) }
        mismatchedSteps = document["mismatched_steps"]?.integer ?? 0
        if let origin = document["forked_from"], let job = origin["job_id"]?.string,
            let step = origin["step"]?.integer
        {
            forkedFrom = Origin(jobID: job, step: step)
        }
        warnings = document["warnings"]?.array?.compactMap { Fault($0) } ?? []
        labels = document["labels"]?.strings ?? [:]
        notes = document["notes"]?.string
        host = document["host"]?.string
        startedAt = document["started_at"]?.string
        finishedAt = document["finished_at"]?.string
    }
}

extension JobBody.Progress: JSONWritable {
    /// Writes the progress.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("step", step)
            writer.field("total_steps", totalSteps)
            writer.field("steps_per_epoch", stepsPerEpoch)
            writer.field("epoch", epoch)
            writer.field("epochs", epochs)
            writer.field("seconds_left", secondsLeft)
        }
    }

    /// Reads the progress.
    public init?(_ document: Document) {
        guard let step = document["step"]?.integer, let total = document["total_steps"]?.integer,
            let perEpoch = document["steps_per_epoch"]?.integer
        else { return nil }
        self.init(
            step: step,
            totalSteps: total,
            stepsPerEpoch: perEpoch,
            secondsLeft: document["seconds_left"]?.double
        )
    }
}

extension JobBody.Failure: JSONWritable {
    /// Writes the failure.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("code", code)
            writer.field("detail", detail)
        }
    }

    /// Reads the failure.
    public init?(_ document: Document) {
        guard let code = document["code"]?.string, let detail = document["detail"]?.string else {
            return nil
        }
        self.init(code: code, detail: detail)
    }
}
