public import Schedules

/// What a job is: a training by the built-in engine, or a user's own script.
@dynamicMemberLookup
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

    /// What every job has.
    public var terms: JobTerms {
        switch self {
        case .training(let job): job.terms
        case .script(let script): script.terms
        }
    }

    /// What every job has, part by part.
    public subscript<Value>(dynamicMember path: KeyPath<JobTerms, Value>) -> Value {
        terms[keyPath: path]
    }

    /// Whether the job waits for a worker that gives the same bits; no script promises that.
    public var requireExact: Bool {
        switch self {
        case .training(let job): job.requireExact
        case .script: false
        }
    }

    /// How the work is started as a command; `nil` for every other kind.
    public var command: CommandSpecification? {
        if case .script(let script) = self { script.command } else { nil }
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
