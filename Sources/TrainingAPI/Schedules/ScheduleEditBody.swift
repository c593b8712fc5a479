public import Schedules

/// What a person wants to change of a job's rates: the body of `POST /v1/jobs/{id}/schedule-edits`.
public struct ScheduleEditBody: Hashable, Sendable {
    /// The first update for which the change holds; `nil` for the first possible one.
    public var fromStep: Int?
    /// What is changed.
    public var change: ScheduleEdit.Change
    /// Why, in the words of the person.
    public var note: String?

    /// Makes a body.
    public init(_ change: ScheduleEdit.Change, fromStep: Int? = nil, note: String? = nil) {
        self.change = change
        self.fromStep = fromStep
        self.note = note
    }

    /// Whether the change needs no look at what it changes: somebody's run is on fire.
    public var isUnconditional: Bool {
        if case .scale = change { true } else { false }
    }

    private static let steps = ValueRule<Int>.integer(0...JobSpecification.stepLimit)
    private static let fromField = Field("from_step", steps, "The first update that it changes.")
    private static let noteField = Field("note", .text(limit: 1_000), "Why the rate is changed.")
    private static let scaleField = Field(
        "scale",
        .number(above: 0),
        "What the rate is multiplied by, on top of earlier scales."
    )
    private static let rateField = Field(
        "learning_rate",
        .number(above: 0),
        "The rate that is held until the next edit."
    )
    private static let vetoField = Field(
        "veto_reduction_at",
        steps,
        "The step of the reduction that is undone."
    )
    private static let forms = ["scale", "learning_rate", "schedule", "veto_reduction_at"]

    /// Reads a body, or reports what is wrong with it.
    ///
    /// - Parameters:
    ///   - document: The body.
    ///   - standardPeak: The peak of a schedule that gives none: that of the job's own.
    ///   - lookup: What is stored under the name that its schedule speaks of.
    ///   - context: Collects the faults and warnings.
    public init?(
        _ document: Document,
        standardPeak: Double?,
        lookup: ScheduleLookup = .none,
        _ context: inout DecodingContext
    ) {
        guard var object = ObjectDecoder(document, at: .root, &context) else { return nil }
        let known = context.faults.count
        let given = Self.forms.filter(object.has)
        fromStep = object.read(Self.fromField, &context)
        note = object.read(Self.noteField, &context)
        let scale = object.read(Self.scaleField, &context)
        let rate = object.read(Self.rateField, &context)
        let veto = object.read(Self.vetoField, &context)
        let schedule = object.given("schedule", &context) { document, pointer, context in
            JobSchedule(
                document,
                at: pointer,
                standardPeak: standardPeak,
                lookup: lookup,
                &context
            )
        }
        object.finish(&context)
        guard given.count == 1 else {
            let names = Self.forms.map { "`\($0)`" }.joined(separator: ", ")
            let detail =
                given.isEmpty
                ? "one of \(names) must say what is changed"
                : "only one of \(names) can be given, not \(given.joined(separator: " and "))"
            context.report(
                .root,
                given.isEmpty ? .missing : .conflict,
                detail,
                at: object.position
            )
            return nil
        }
        guard context.faults.count == known else { return nil }
        if let scale {
            change = .scale(scale)
        } else if let rate {
            change = .learningRate(rate)
        } else if let veto {
            change = .vetoReduction(at: veto)
        } else if let schedule {
            change = .schedule(schedule.schedule)
        } else {
            return nil
        }
    }

    /// Reports what a new schedule cannot do in the rest of a job's run, and warns of what looks wrong.
    ///
    /// - Parameters:
    ///   - rest: The extent of the run from the edit's first step on.
    ///   - work: What the job is.
    ///   - context: Collects the faults and warnings.
    public func check(
        in rest: Run,
        of work: JobWork,
        _ context: inout DecodingContext
    ) {
        guard case .schedule(let schedule) = change else { return }
        let pointer = Pointer.root.appending("schedule")
        let resolved = JobSchedule(schedule).resolve(
            for: rest,
            monitors: work.isScript ? .any : .measured,
            at: pointer,
            &context
        )
        guard let resolved, case .training(let specification) = work else { return }
        if let monitor = schedule.monitor.flatMap(Monitor.init(word:)), monitor.needsValidation,
            specification.dataset.validation == .none
        {
            context.report(
                pointer.appending("monitor"),
                .conflict,
                "\(monitor.rawValue) needs validation rows, and the job has none; write \"train_loss\""
            )
        }
        if resolved.movesMomentum, specification.optimizer.rule.momentum == nil {
            context.report(
                pointer,
                .conflict,
                "the schedule moves the momentum, and \(specification.optimizer.rule.name) has none;"
                    + " write \"momentum\": null in the schedule"
            )
        }
    }
}

extension ScheduleEditBody: JSONWritable {
    /// Writes the body.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            if let fromStep { writer.field("from_step", fromStep) }
            change.write(to: &writer)
            if let note { writer.field("note", note) }
        }
    }
}

extension ScheduleEdit.Change {
    /// Writes the field that says what is changed.
    func write(to writer: inout JSONWriter) {
        switch self {
        case .scale(let factor): writer.field("scale", factor)
        case .learningRate(let rate): writer.field("learning_rate", rate)
        case .schedule(let schedule): writer.field("schedule", schedule)
        case .vetoReduction(let step): writer.field("veto_reduction_at", step)
        }
    }

    /// Reads the field that says what is changed; `nil` where there is none that can be read.
    init?(_ document: Document) {
        if let factor = document["scale"]?.double {
            self = .scale(factor)
        } else if let rate = document["learning_rate"]?.double {
            self = .learningRate(rate)
        } else if let step = document["veto_reduction_at"]?.integer {
            self = .vetoReduction(at: step)
        } else {
            var context = DecodingContext()
            guard let content = document["schedule"],
                let schedule = RunSchedule(content, &context)
            else { return nil }
            self = .schedule(schedule)
        }
    }
}
