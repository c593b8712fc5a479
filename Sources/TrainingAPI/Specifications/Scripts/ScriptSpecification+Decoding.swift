internal import Schedules

extension ScriptSpecification {
    private static let stepsField = Field(
        "steps",
        .integer(1...JobSpecification.stepLimit),
        "The optimizer updates of the whole run."
    )
    private static let epochsField = Field(
        "epochs",
        .number(above: 0, to: 1_000_000),
        "Epochs of steps_per_epoch updates, in place of steps."
    )
    private static let perEpochField = Field(
        "steps_per_epoch",
        .integer(1...JobSpecification.stepLimit),
        default: 1,
        "The updates of one epoch."
    )

    /// Reads a script's job, or reports everything that is wrong with it.
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
        guard var object = ObjectDecoder(document, at: pointer, &context) else { return nil }
        let kind = object.read(JobSpecification.kindField, &context)
        let command =
            kind == .command ? CommandSpecification(&object, &context).map { $0 } : nil
        let isCommand = kind == .command
        var schedule: JobSchedule?
        if !isCommand || object.has("schedule") {
            schedule = JobSchedule(
                object.document("schedule"),
                at: pointer.appending("schedule"),
                standardPeak: nil,
                lookup: lookup,
                &context
            )
        }
        let perEpoch = object.read(Self.perEpochField, &context)
        let needsSteps = !isCommand || object.has("schedule")
        let steps = Self.steps(of: &object, perEpoch: perEpoch ?? 1, isNeeded: needsSteps, &context)
        let seed = object.read(JobSpecification.seedField, &context)
        let terms = JobTerms(&object, &context)
        object.finish(&context)
        guard let kind, let perEpoch, let seed, let terms, !isCommand || command != nil,
            !needsSteps || schedule != nil && steps != nil, context.isValid
        else { return nil }
        self.init(
            terms: terms,
            kind: kind,
            command: command,
            schedule: schedule,
            steps: steps,
            stepsPerEpoch: perEpoch,
            seed: seed
        )
    }

    /// The updates of the run; `nil` where none are given or that is faulty.
    private static func steps(
        of object: inout ObjectDecoder,
        perEpoch: Int,
        isNeeded: Bool,
        _ context: inout DecodingContext
    ) -> Int? {
        let steps = object.read(stepsField, &context)
        let epochs = object.read(epochsField, &context)
        switch (object.has("steps"), object.has("epochs")) {
        case (true, true):
            context.report(
                object.pointer.appending("steps"),
                .conflict,
                "a job has epochs or steps, not both; leave one out",
                at: object.position
            )
            return nil
        case (true, false):
            if !isNeeded { reportIdle("steps", of: object, &context) }
            return steps
        case (false, true):
            guard let epochs else { return nil }
            guard isNeeded else {
                reportIdle("epochs", of: object, &context)
                return nil
            }
            guard object.has("steps_per_epoch") else {
                object.reportMissing(
                    "steps_per_epoch",
                    expecting: "the optimizer updates of one epoch; or write steps",
                    &context
                )
                return nil
            }
            let total = max(1, (epochs * Double(perEpoch)).rounded())
            guard total <= Double(JobSpecification.stepLimit) else {
                context.report(
                    object.pointer.appending("epochs"),
                    .range,
                    "the run would have \(shortest(total)) steps; the limit is"
                        + " \(JobSpecification.stepLimit)"
                )
                return nil
            }
            return Int(total)
        case (false, false):
            if isNeeded {
                object.reportMissing("steps", expecting: stepsField.rule.expectation, &context)
            }
            return nil
        }
    }

    private static func reportIdle(
        _ name: String,
        of object: ObjectDecoder,
        _ context: inout DecodingContext
    ) {
        context.report(
            object.pointer.appending(name),
            .conflict,
            "a command without a schedule is granted no rates, and has no \(name); give a schedule"
                + " or leave \(name) out",
            at: object.position
        )
    }
}
