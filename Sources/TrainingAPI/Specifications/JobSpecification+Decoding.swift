internal import Schedules

extension JobSpecification {
    static let kindField = Field(
        "kind",
        ValueRule<Kind>.choice,
        default: .train,
        "What kind of work the job is."
    )
    private static let epochsField = Field(
        "epochs",
        .number(above: 0, to: 1_000_000),
        "Passes over the training rows; 10 by default."
    )
    private static let stepsField = Field(
        "steps",
        .integer(1...1_000_000_000),
        "Optimizer updates, in place of epochs."
    )
    private static let batchField = Field(
        "batch_size",
        .integer(1...1_000_000),
        default: 128,
        "The rows that go through the model at once."
    )
    private static let accumulationField = Field(
        "gradient_accumulation",
        .integer(1...10_000),
        default: 1,
        "The batches whose gradients make one update together."
    )
    private static let nonFiniteField = Field(
        "on_non_finite",
        ValueRule<NonFinitePolicy>.choice,
        default: .fail,
        "What becomes of an update whose loss or gradient is not finite."
    )
    private static let shuffleField = Field(
        "shuffle",
        .flag,
        default: true,
        "Whether each epoch has an order of its own."
    )
    private static let dropLastField = Field(
        "drop_last",
        .flag,
        default: false,
        "Whether an epoch's last partial batch is left out."
    )
    private static let evaluationBatchField = Field(
        "evaluation_batch_size",
        .integer(1...1_000_000),
        default: 1_024,
        "The rows of one batch of an evaluation; changes no result."
    )
    static let seedField = Field(
        "seed",
        SeedSpecification.rule,
        default: 0,
        "The seed of every stream of random numbers."
    )
    private static let exactField = Field(
        "require_exact",
        .flag,
        default: false,
        "Whether the job waits for a worker that gives the same bits rather than go on with others."
    )

    /// Reads a job, or reports everything that is wrong with it.
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
        let kind = object.read(Self.kindField, &context)
        let dataset = object.requireObject("dataset", example: "{\"name\": \"spirals\"}", &context)
        {
            DatasetSpecification($0, at: $1, &$2)
        }
        let model = object.requireObject("model", example: "{\"type\": \"mlp\"}", &context) {
            ModelSpecification($0, at: $1, &$2)
        }
        let optimizer = object.optionalObject(
            "optimizer",
            default: OptimizerSpecification.standard,
            &context
        ) { OptimizerSpecification($0, at: $1, &$2) }
        let schedule = JobSchedule(
            object.document("schedule"),
            at: pointer.appending("schedule"),
            standardPeak: (optimizer ?? .standard).standardLearningRate,
            lookup: lookup,
            &context
        )
        let duration = Self.duration(of: &object, &context)
        let batchSize = object.read(Self.batchField, &context)
        let accumulation = object.read(Self.accumulationField, &context)
        let shuffle = object.read(Self.shuffleField, &context)
        let dropLast = object.read(Self.dropLastField, &context)
        let evaluationBatchSize = object.read(Self.evaluationBatchField, &context)
        let evaluate = object.optionalObject(
            "evaluate",
            default: EvaluationSpecification(),
            &context
        ) { EvaluationSpecification($0, at: $1, &$2) }
        let earlyStopping = Self.earlyStopping(of: &object, evaluation: evaluate, &context)
        let onNonFinite = object.read(Self.nonFiniteField, &context)
        let seed = object.read(Self.seedField, &context)
        let seeds = object.optionalObject("seeds", default: SeedSpecification(seed ?? 0), &context)
        {
            SeedSpecification($0, at: $1, overriding: seed ?? 0, &$2)
        }
        let terms = JobTerms(&object, &context)
        let requireExact = object.read(Self.exactField, &context)
        object.finish(&context)
        if let kind, kind != .train {
            context.report(
                pointer.appending("kind"),
                .conflict,
                "a job of kind \(kind.rawValue) has no dataset or model",
                at: object.position
            )
        }
        guard let kind, let dataset, let model, let optimizer, let schedule, let duration,
            let batchSize, let accumulation, let earlyStopping, let onNonFinite, let shuffle,
            let dropLast, let evaluationBatchSize, let evaluate,
            let seed, let seeds, let terms, let requireExact, context.isValid
        else { return nil }
        self.init(
            terms: terms,
            kind: kind,
            dataset: dataset,
            model: model,
            optimizer: optimizer,
            schedule: schedule,
            duration: duration,
            batchSize: batchSize,
            gradientAccumulation: accumulation,
            shuffle: shuffle,
            dropLast: dropLast,
            evaluationBatchSize: evaluationBatchSize,
            evaluate: evaluate,
            earlyStopping: earlyStopping,
            onNonFinite: onNonFinite,
            seed: seed,
            seeds: seeds,
            requireExact: requireExact
        )
    }

    /// When the run ends early, `.some(nil)` for never; `nil` where that is faulty.
    private static func earlyStopping(
        of object: inout ObjectDecoder,
        evaluation: EvaluationSpecification?,
        _ context: inout DecodingContext
    ) -> EarlyStoppingSpecification?? {
        guard let document = object.document("early_stopping"), document.value != .null else {
            return .some(nil)
        }
        let place = object.pointer.appending("early_stopping")
        guard
            let value = EarlyStoppingSpecification(
                document,
                at: place,
                evaluation: evaluation ?? EvaluationSpecification(),
                &context
            )
        else { return nil }
        return .some(value)
    }

    private static func duration(
        of object: inout ObjectDecoder,
        _ context: inout DecodingContext
    ) -> Duration? {
        let epochs = object.read(epochsField, &context)
        let steps = object.read(stepsField, &context)
        switch (object.has("epochs"), object.has("steps")) {
        case (true, true):
            context.report(
                object.pointer.appending("steps"),
                .conflict,
                "a job has epochs or steps, not both; leave one out",
                at: object.position
            )
            return nil
        case (false, true): return steps.map { .steps($0) }
        case (true, false): return epochs.map { .epochs($0) }
        case (false, false): return .epochs(10)
        }
    }
}

extension JobSpecification.Kind: JSONWritable {
    /// Writes the kind's name.
    public func write(to writer: inout JSONWriter) {
        writer.string(rawValue)
    }
}
