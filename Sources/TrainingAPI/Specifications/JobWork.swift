public import Schedules

/// What a job is: a training by the built-in engine, or a user's own script.
public enum JobWork: Hashable, Sendable {
    /// The engine trains a model.
    case training(JobSpecification)
    /// A script trains whatever it trains.
    case script(ScriptSpecification)

    /// Reads a job of any kind, or reports everything that is wrong with it.
    ///
    /// - Parameters:
    ///   - document: The job as it was submitted.
    ///   - pointer: Where the job stands.
    ///   - lookup: What is stored under the name that the job's schedule speaks of.
    ///   - context: Collects the faults and warnings.
    public init?(
        _ document: Document,
        at pointer: Pointer = .root,
        lookup: ScheduleLookup = .none,
        _ context: inout DecodingContext
    ) {
        switch document["kind"]?.string.flatMap(JobSpecification.Kind.init(rawValue:)) {
        case .external, .command:
            let script = ScriptSpecification(document, at: pointer, lookup: lookup, &context)
            guard let script else { return nil }
            self = .script(script)
        case .train, nil:
            let training = JobSpecification(document, at: pointer, lookup: lookup, &context)
            guard let training else { return nil }
            self = .training(training)
        }
    }

    /// The kind of work.
    public var kind: JobSpecification.Kind {
        switch self {
        case .training(let job): job.kind
        case .script(let script): script.kind
        }
    }

    /// What people call the job.
    public var name: String? {
        switch self {
        case .training(let job): job.name
        case .script(let script): script.name
        }
    }

    /// What people sort jobs by.
    public var labels: [String: String] {
        switch self {
        case .training(let job): job.labels
        case .script(let script): script.labels
        }
    }

    /// What people want to remember.
    public var notes: String? {
        switch self {
        case .training(let job): job.notes
        case .script(let script): script.notes
        }
    }

    /// Where the job stands in the queue.
    public var priority: Int {
        switch self {
        case .training(let job): job.priority
        case .script(let script): script.priority
        }
    }

    /// How often the job may be tried before an error ends it.
    public var maximumAttempts: Int {
        switch self {
        case .training(let job): job.maximumAttempts
        case .script(let script): script.maximumAttempts
        }
    }

    /// How many seconds the job may run, all its runs together; `nil` for any number.
    public var maximumSeconds: Double? {
        switch self {
        case .training(let job): job.maximumSeconds
        case .script(let script): script.maximumSeconds
        }
    }

    /// Before when the job must not start; `nil` for at once.
    public var notBefore: WallTime? {
        switch self {
        case .training(let job): job.notBefore
        case .script(let script): script.notBefore
        }
    }

    /// Whether the job waits for a worker that gives the same bits; no script promises that.
    public var requireExact: Bool {
        switch self {
        case .training(let job): job.requireExact
        case .script: false
        }
    }

    /// When states are saved, and how many are kept.
    public var checkpoint: CheckpointSpecification {
        switch self {
        case .training(let job): job.checkpoint
        case .script(let script): script.checkpoint
        }
    }

    /// What gives the job its rates; `nil` for a command that asks for none.
    public var schedule: JobSchedule? {
        switch self {
        case .training(let job): job.schedule
        case .script(let script): script.schedule
        }
    }

    /// The momentum where the schedule leaves the optimizer's own: not a number where the service does
    /// not know it.
    public var ownMomentum: Double {
        switch self {
        case .training(let job): job.optimizer.momentum
        case .script: ScriptSpecification.unknownMomentum
        }
    }

    /// Whether a user's script does the work.
    public var isScript: Bool {
        if case .script = self { true } else { false }
    }

    /// The schedule that the service evaluates.
    ///
    /// - Returns: The schedule.
    /// - Throws: A `ScheduleError`, which no value that was read throws.
    public func runSchedule() throws(ScheduleError) -> RunSchedule {
        switch self {
        case .training(let job): job.schedule.schedule
        case .script(let script): try script.runSchedule()
        }
    }
}

extension JobWork: JSONWritable {
    /// Writes the normalised specification.
    public func write(to writer: inout JSONWriter) {
        switch self {
        case .training(let job): job.write(to: &writer)
        case .script(let script): script.write(to: &writer)
        }
    }
}
