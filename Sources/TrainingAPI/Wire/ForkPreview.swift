/// A fork that would be made: the answer to `/fork`, `/extend` and `/cooldown` with `validate_only`.
public struct ForkPreview: Hashable, Sendable {
    /// The rate of a step in both jobs.
    public struct Rate: Hashable, Sendable {
        /// The update.
        public var step: Int
        /// Its rate in the job that is gone on from; `nil` past that job's end.
        public var before: Double?
        /// Its rate in the new job.
        public var after: Double

        /// Makes a rate.
        public init(step: Int, before: Double?, after: Double) {
            self.step = step
            self.before = before
            self.after = after
        }
    }

    /// The normalised specification.
    public var specification: JSONFragment
    /// The updates in one epoch.
    public var stepsPerEpoch: Int
    /// The updates in the whole run.
    public var totalSteps: Int
    /// The finished updates at which the new job begins.
    public var fromStep: Int
    /// What becomes of the rate.
    public var policy: LearningRatePolicy
    /// The rates around the join.
    public var join: [Rate]
    /// The rates of the new job's whole run.
    public var schedule: ScheduleBody
    /// What is legal and looks wrong.
    public var warnings: [Fault]

    /// Makes a preview.
    public init(
        specification: JSONFragment,
        stepsPerEpoch: Int,
        totalSteps: Int,
        fromStep: Int,
        policy: LearningRatePolicy,
        join: [Rate],
        schedule: ScheduleBody,
        warnings: [Fault]
    ) {
        self.specification = specification
        self.stepsPerEpoch = stepsPerEpoch
        self.totalSteps = totalSteps
        self.fromStep = fromStep
        self.policy = policy
        self.join = join
        self.schedule = schedule
        self.warnings = warnings
    }
}

extension ForkPreview: JSONWritable {
    /// Writes the preview.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("spec", specification)
            writer.field("steps_per_epoch", stepsPerEpoch)
            writer.field("total_steps", totalSteps)
            writer.field("from_step", fromStep)
            writer.field("learning_rate_policy", policy)
            writer.name("join")
            writer.object { writer in
                writer.field("steps", join.map(\.step))
                writer.name("before")
                writer.array { writer in
                    for rate in join {
                        if let before = rate.before { writer.number(before) } else { writer.null() }
                    }
                }
                writer.field("after", join.map(\.after))
            }
            writer.field("schedule", schedule)
            writer.field("warnings", warnings)
        }
    }

    /// Reads a preview.
    public init?(_ document: Document) {
        guard let specification = document["spec"],
            let perEpoch = document["steps_per_epoch"]?.integer,
            let total = document["total_steps"]?.integer,
            let from = document["from_step"]?.integer,
            let policy = document["learning_rate_policy"]?.string
                .flatMap(LearningRatePolicy.init(rawValue:)),
            let steps = document["join"]?["steps"]?.array?.compactMap(\.integer),
            let before = document["join"]?["before"]?.array?.map(\.double),
            let after = document["join"]?["after"]?.array?.compactMap(\.double),
            steps.count == before.count, steps.count == after.count,
            let schedule = document["schedule"].flatMap({ ScheduleBody($0) })
        else { return nil }
        self.init(
            specification: JSONFragment(specification),
            stepsPerEpoch: perEpoch,
            totalSteps: total,
            fromStep: from,
            policy: policy,
            join: steps.indices.map {
                Rate(step: steps[$0], before: before[$0], after: after[$0])
            },
            schedule: schedule,
            warnings: document["warnings"]?.array?.compactMap { Fault($0) } ?? []
        )
    }
}
