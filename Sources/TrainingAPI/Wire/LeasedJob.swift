/// A job that a worker may run, as long as its lease holds: the answer to a lease request.
public struct LeasedJob: Hashable, Sendable {
    /// The lease's id: 128 random bits in hexadecimal.
    public var leaseID: String
    /// The count of leases that the job ever had; a later one makes this one's writes void.
    public var fence: Int
    /// How long the lease holds without a report or heartbeat, in seconds.
    public var termSeconds: Double
    /// The ids of the GPUs that the job has to itself while the lease holds.
    public var gpus: [String] = []
    /// The job's id.
    public var jobID: String
    /// The job's kind.
    public var kind: String
    /// The normalised specification, JSON.
    public var specification: JSONFragment
    /// The updates in the whole run.
    public var totalSteps: Int
    /// The updates in one epoch.
    public var stepsPerEpoch: Int
    /// The updates between validations.
    public var evaluationInterval: Int
    /// The finished updates from which to go on; 0 for a fresh start.
    public var resumeStep: Int
    /// The hash of the dataset's contents; `nil` from a server that does not say.
    public var datasetHash: String?
    /// The checkpoint of that step; `nil` for a fresh start.
    public var checkpoint: CheckpointBody?
    /// Whether the run takes some milliseconds at most, so that another job may be had meanwhile.
    public var isBrief = false
    /// The first rates.
    public var grant: Grant
    /// The version of the job's rates: edits and what metrics did; 0 from a server that does not say.
    public var scheduleVersion = 0
    /// The metrics that move the rate, sorted.
    public var monitors: [String] = []
    /// How many bytes a ``WorkerCompletion`` may bring along; 0 from a server that takes only its outcome.
    public var contentLimit = 0

    /// Makes a leased job.
    public init(
        leaseID: String,
        fence: Int,
        termSeconds: Double,
        jobID: String,
        kind: String,
        specification: JSONFragment,
        totalSteps: Int,
        stepsPerEpoch: Int,
        evaluationInterval: Int,
        resumeStep: Int,
        grant: Grant
    ) {
        self.leaseID = leaseID
        self.fence = fence
        self.termSeconds = termSeconds
        self.jobID = jobID
        self.kind = kind
        self.specification = specification
        self.totalSteps = totalSteps
        self.stepsPerEpoch = stepsPerEpoch
        self.evaluationInterval = evaluationInterval
        self.resumeStep = resumeStep
        self.grant = grant
    }
}

extension LeasedJob: JSONWritable {
    /// Writes the leased job.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.name("lease")
            writer.object { writer in
                writer.field("id", leaseID)
                writer.field("fence", fence)
                writer.field("term_seconds", termSeconds)
                if !gpus.isEmpty { writer.field("gpus", gpus) }
            }
            writer.name("job")
            writer.object { writer in
                writer.field("id", jobID)
                writer.field("kind", kind)
                writer.field("spec", specification)
                writer.field("dataset_hash", datasetHash)
                writer.field("total_steps", totalSteps)
                writer.field("steps_per_epoch", stepsPerEpoch)
                writer.field("evaluation_interval", evaluationInterval)
                if isBrief { writer.field("brief", true) }
            }
            writer.field("resume_step", resumeStep)
            writer.field("checkpoint", checkpoint)
            writer.field("grant", grant)
            writer.field("schedule_version", scheduleVersion)
            writer.field("monitors", monitors)
            writer.field("content_limit", contentLimit)
        }
    }

    /// Reads a leased job.
    public init?(_ document: Document) {
        guard let lease = document["lease"], let job = document["job"],
            let leaseID = lease["id"]?.string, let fence = lease["fence"]?.integer,
            let term = lease["term_seconds"]?.double, let jobID = job["id"]?.string,
            let kind = job["kind"]?.string, let specification = job["spec"],
            let totalSteps = job["total_steps"]?.integer,
            let stepsPerEpoch = job["steps_per_epoch"]?.integer,
            let evaluationInterval = job["evaluation_interval"]?.integer,
            let resumeStep = document["resume_step"]?.integer,
            let grant = document["grant"].flatMap({ Grant($0) })
        else { return nil }
        self.init(
            leaseID: leaseID,
            fence: fence,
            termSeconds: term,
            jobID: jobID,
            kind: kind,
            specification: JSONFragment(specification),
            totalSteps: totalSteps,
            stepsPerEpoch: stepsPerEpoch,
            evaluationInterval: evaluationInterval,
            resumeStep: resumeStep,
            grant: grant
        )
        gpus = lease["gpus"]?.array?.compactMap(\.string) ?? []
        datasetHash = job["dataset_hash"]?.string
        isBrief = job["brief"]?.bool ?? false
        scheduleVersion = document["schedule_version"]?.integer ?? 0
        monitors = document["monitors"]?.array?.compactMap(\.string) ?? []
        contentLimit = document["content_limit"]?.integer ?? 0
        checkpoint = document["checkpoint"].flatMap { CheckpointBody($0) }
    }
}
