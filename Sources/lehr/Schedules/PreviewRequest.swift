import TrainingAPI

/// The body of a preview request, put together from a file and options.
struct PreviewRequest {
    /// Options that make no request, with what to write.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The request, as `POST /v1/schedules/preview` takes it.
    let document: Document

    /// Puts a request together: options go over what the file says.
    ///
    /// - Parameters:
    ///   - options: The options.
    ///   - file: A job's specification, or a schedule alone; `nil` where options say everything.
    /// - Throws: `Failure` where options say what is no request; `Assignment.Failure`.
    init(_ options: PreviewOptions, file: Document?) throws {
        let schedule = try Self.schedule(options, file: file)
        var members = [Document.Member(name: "schedule", value: schedule)]
        members.append(
            .init(name: "steps", value: Document(.integer(try Self.steps(options, file: file))))
        )
        if let stepsPerEpoch = options.stepsPerEpoch {
            members.append(.init(name: "steps_per_epoch", value: Document(.integer(stepsPerEpoch))))
        }
        if let metrics = options.metrics {
            members.append(.init(name: "metrics", value: try Self.metrics(metrics)))
        }
        document = Document(.object(members))
    }

    private static func schedule(_ options: PreviewOptions, file: Document?) throws -> Document {
        var schedule = file.map { $0["schedule"] ?? $0 } ?? Document(.object([]))
        func set(_ name: String, _ value: Document?) throws {
            guard let value else { return }
            schedule = try Assignment(path: name, value: value).applied(to: schedule)
        }
        try set("type", options.type.map { Document(.string($0)) })
        try set("learning_rate", options.learningRate.map { Document(.number($0)) })
        try set("floor", options.floor.map { Document(.number($0)) })
        try set("to", options.to.map(target))
        try set("over", options.over.map { Document(.string($0)) })
        try set("every", options.every.map { Document(.string($0)) })
        try set("factor", options.factor.map { Document(.number($0)) })
        try set("milestones", options.milestones.map(list))
        try set("warmup.length", options.warmup.map { Document(.string($0)) })
        for text in options.assignments {
            schedule = try Assignment(text).applied(to: schedule)
        }
        if schedule["learning_rate"] == nil { try set("learning_rate", Document(.integer(1))) }
        return schedule
    }

    /// A number, or a share of the peak such as `10%`.
    private static func target(_ text: String) -> Document {
        if let number = Double(text) { return Document(.number(number)) }
        guard text.hasSuffix("%"), let share = Double(text.dropLast()) else {
            return Document(.string(text))
        }
        return Document(
            .object([.init(name: "fraction_of_peak", value: Document(.number(share / 100)))])
        )
    }

    private static func list(_ text: String) -> Document {
        Document(
            .array(
                text.split(separator: ",").map { part in
                    Document(.string(part.filter { !$0.isWhitespace }))
                }
            )
        )
    }

    private static func metrics(_ text: String) throws -> Document {
        let numbers = text.split(separator: ",").map { part in
            Double(part.filter { !$0.isWhitespace })
        }
        guard !numbers.isEmpty, !numbers.contains(nil) else {
            throw Failure(
                description: "--metrics \(text): write numbers with commas between them, such as "
                    + "0.9,0.8,0.8"
            )
        }
        return Document(
            .array(
                numbers.compactMap { number in
                    number.map { Document($0.isFinite ? .number($0) : .string(name(of: $0))) }
                }
            )
        )
    }

    private static func name(of number: Double) -> String {
        number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity"
    }

    private static func steps(_ options: PreviewOptions, file: Document?) throws -> Int {
        if let steps = options.steps { return steps }
        if options.epochs == nil, let steps = file?["steps"]?.integer { return steps }
        guard let epochs = options.epochs ?? file?["epochs"]?.double else { return 1000 }
        guard let stepsPerEpoch = options.stepsPerEpoch else {
            throw Failure(
                description: "the run has \(NumberText.value(epochs)) epochs; say with "
                    + "--steps-per-epoch how many updates one has, or write --steps"
            )
        }
        let steps = (epochs * Double(stepsPerEpoch)).rounded(.up)
        guard steps >= 1, steps <= 1e9 else {
            throw Failure(
                description:
                    "a run of \(NumberText.value(epochs)) epochs of \(stepsPerEpoch) updates "
                    + "cannot be drawn"
            )
        }
        return Int(steps)
    }
}
