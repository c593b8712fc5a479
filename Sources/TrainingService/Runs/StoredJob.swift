internal import Schedules
internal import TrainingAPI

/// What the store keeps as a job's specification: the normalised job, what its dataset fixed at
/// submission, and what looked wrong then.
struct StoredJob: Hashable, Sendable, JSONWritable {
    /// The normalised specification.
    let specification: JSONFragment
    /// The updates in one epoch.
    let stepsPerEpoch: Int
    /// The updates between validations.
    let evaluationInterval: Int
    /// The run that the schedule knows, where it is that of a job from which this one goes on.
    var scheduleRun: Run?
    /// The hash of the dataset's contents; `nil` in what an earlier version stored.
    let datasetHash: String?
    /// What was legal and looked wrong.
    let warnings: [Fault]

    /// Makes the stored form of a job that was accepted.
    init(_ specification: JobWork, plan: JobPlan, warnings: [Fault]) {
        self.specification = JSONFragment(writing: specification)
        stepsPerEpoch = plan.stepsPerEpoch
        evaluationInterval = plan.evaluationInterval
        datasetHash = plan.datasetHash
        self.warnings = warnings
    }

    /// Reads what was stored; `nil` where a newer version wrote it in another form.
    init?(reading bytes: [UInt8]) {
        // Unreadable bytes are told by the `nil`.
        guard let document = (try? JSONReader.read(bytes))?.document,
            let specification = document["spec"],
            let perEpoch = document["steps_per_epoch"]?.integer,
            let interval = document["evaluation_interval"]?.integer
        else { return nil }
        self.specification = JSONFragment(specification)
        stepsPerEpoch = perEpoch
        evaluationInterval = interval
        if let known = document["schedule_run"], let steps = known["steps"]?.integer,
            let perEpoch = known["steps_per_epoch"]?.integer
        {
            // What was stored is the extent of a run.
            scheduleRun = try? Run(totalSteps: steps, stepsPerEpoch: perEpoch)
        }
        datasetHash = document["dataset_hash"]?.string
        warnings = document["warnings"]?.array?.compactMap { Fault($0) } ?? []
    }

    /// The run that the schedule knows; `nil` where there is none of that extent.
    func run(totalSteps: Int) -> Run? {
        scheduleRun ?? (try? Run(totalSteps: totalSteps, stepsPerEpoch: stepsPerEpoch))
    }

    /// The specification as a value; `nil` where this version cannot read it.
    var work: JobWork? {
        var context = DecodingContext()
        return JobWork(specification.document, &context)
    }

    /// Writes the stored form.
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("spec", specification)
            writer.field("steps_per_epoch", stepsPerEpoch)
            writer.field("evaluation_interval", evaluationInterval)
            if let scheduleRun {
                writer.name("schedule_run")
                writer.object { writer in
                    writer.field("steps", scheduleRun.totalSteps)
                    writer.field("steps_per_epoch", scheduleRun.stepsPerEpoch)
                }
            }
            writer.field("dataset_hash", datasetHash)
            if !warnings.isEmpty { writer.field("warnings", warnings) }
        }
    }
}
