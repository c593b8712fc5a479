import TrainingAPI

/// The body of a preview request, put together from a file and options.
struct PreviewDraft {
    /// Options that make no request, with what to write.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The longest run whose every step is drawn.
    static let drawnSteps = 100_000
    /// How many steps of a longer run are drawn.
    static let drawnPoints = 5000
    /// How many updates a run has where nothing says so.
    static let standardSteps = 1000
    /// How many epochs a job has that does not say.
    private static let standardEpochs = 10.0

    /// The request, as `POST /v1/schedules/preview` takes it; what comes from a file keeps its place.
    let document: Document
    /// What options put into the request.
    let assignments: [Assignment]

    /// Puts a request together: options go over what the file says.
    ///
    /// - Parameters:
    ///   - options: The options.
    ///   - kind: The kind of schedule and what belongs to it alone; `nil` where a file says it.
    ///   - file: A job's specification, or a schedule alone; `nil` where options say everything.
    ///   - isDrawn: Whether a picture is wanted, for which some steps of a long run are enough.
    ///   - standardSteps: How many updates the run has where nothing says so.
    /// - Throws: `Failure` or `Assignment.Failure` where options make no request.
    init(
        _ options: PreviewOptions,
        kind: PreviewKind?,
        file: Document?,
        isDrawn: Bool,
        standardSteps: Int = Self.standardSteps
    ) throws {
        let job = file.flatMap { Self.isJob($0) ? $0 : nil }
        let schedule = job.map { $0["schedule"] } ?? file
        // A kind's own fields go over those that are for all.
        let own = kind?.assignments ?? []
        var assignments = Array(own.prefix(1))
        assignments += try Self.schedule(options)
        assignments += own.dropFirst()
        assignments += try Self.run(
            options,
            job: job,
            isDrawn: isDrawn,
            standardSteps: standardSteps
        )
        if let metrics = options.metrics { assignments.append(try Self.metrics(metrics)) }
        self.assignments = assignments
        let base = Document(
            .object([.init(name: "schedule", value: schedule ?? Document(.object([])))])
        )
        let draft = try assignments.reduce(base) { try $1.applied(to: $0) }
        document = try Self.withPeak(draft, job: job)
    }

    /// Whether a document is a job's specification, not a schedule alone.
    static func isJob(_ document: Document) -> Bool {
        ["schedule", "dataset", "model", "optimizer"].contains { document[$0] != nil }
    }

    // MARK: - Parts

    private static func schedule(_ options: PreviewOptions) throws -> [Assignment] {
        var assignments: [Assignment] = []
        func set(_ name: String, _ option: String, _ value: Document.Value?) {
            guard let value else { return }
            assignments.append(
                Assignment(
                    origin: option,
                    path: ["schedule"] + name.split(separator: ".").map(String.init),
                    value
                )
            )
        }
        set("learning_rate", "--learning-rate", options.learningRate.map { .number($0) })
        set("floor", "--floor", options.floor.map { .number($0) })
        set("to", "--to", options.to.map(target))
        set("over", "--over", options.over.map { .string($0) })
        set("every", "--every", options.every.map { .string($0) })
        set("factor", "--factor", options.factor.map { .number($0) })
        set("milestones", "--milestones", options.milestones.map(list))
        set("warmup.length", "--warmup", options.warmup.map { .string($0) })
        return assignments
            + (try options.assignments.map { try Assignment($0).below("schedule") })
    }

    /// A number, or a share of the peak such as `10%`.
    private static func target(_ text: String) -> Document.Value {
        if let number = Double(text) { return .number(number) }
        guard text.hasSuffix("%"), let share = Double(text.dropLast()) else { return .string(text) }
        return .object([.init(name: "fraction_of_peak", value: Document(.number(share / 100)))])
    }

    private static func list(_ text: String) -> Document.Value {
        .array(text.split(separator: ",").map { Document(.string($0.filter { !$0.isWhitespace })) })
    }

    /// The numbers of `--metrics`.
    static func numbers(_ text: String) throws -> [Double] {
        let numbers = text.split(separator: ",").map { Double($0.filter { !$0.isWhitespace }) }
        guard !numbers.isEmpty, !numbers.contains(nil) else {
            throw Failure(
                description: "--metrics \(text): write numbers with commas between them, such as "
                    + "0.9,0.8,0.8"
            )
        }
        return numbers.compactMap(\.self)
    }

    private static func metrics(_ text: String) throws -> Assignment {
        let values = try numbers(text).map { number -> Document in
            guard !number.isFinite else { return Document(.number(number)) }
            return Document(
                .string(number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity")
            )
        }
        return Assignment(origin: "--metrics", path: ["metrics"], .array(values))
    }

    // MARK: - The run

    private static func run(
        _ options: PreviewOptions,
        job: Document?,
        isDrawn: Bool,
        standardSteps: Int
    ) throws -> [Assignment] {
        let steps = try steps(options, job: job, standardSteps: standardSteps)
        var run = [Assignment(origin: "--steps", path: ["steps"], .integer(steps))]
        if let count = options.stepsPerEpoch {
            run.append(
                Assignment(
                    origin: "--steps-per-epoch",
                    path: ["steps_per_epoch"],
                    .integer(count)
                )
            )
        }
        let points = isDrawn && steps > drawnSteps ? drawnPoints : nil
        if let count = options.maxPoints ?? points {
            run.append(Assignment(origin: "--max-points", path: ["max_points"], .integer(count)))
        }
        return run
    }

    static func steps(
        _ options: PreviewOptions,
        job: Document?,
        standardSteps: Int = Self.standardSteps
    ) throws -> Int {
        if let steps = options.steps { return steps }
        if options.epochs == nil, let steps = job?["steps"]?.integer { return steps }
        let written = options.epochs ?? job.map { $0["epochs"]?.double ?? standardEpochs }
        guard let epochs = written else { return standardSteps }
        return try RunOptions.steps(epochs: epochs, options.stepsPerEpoch)
    }

    /// The request with the peak that holds where none is written: a job's, else 1.
    private static func withPeak(_ draft: Document, job: Document?) throws -> Document {
        guard case .object? = draft["schedule"]?.value,
            draft["schedule"]?["learning_rate"] == nil
        else { return draft }
        var peak: Double? = 1
        if let job {
            var context = DecodingContext()
            let optimizer = job["optimizer"].flatMap {
                OptimizerSpecification($0, at: .root, &context)
            }
            peak = (optimizer ?? .standard).standardLearningRate
        }
        guard let peak else { return draft }
        return try Assignment(
            origin: "--learning-rate",
            path: ["schedule", "learning_rate"],
            .number(peak)
        ).applied(to: draft)
    }
}
