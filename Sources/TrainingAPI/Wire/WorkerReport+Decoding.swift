extension WorkerReport {
    private static let steps = ValueRule<Int>.integer(0...1_000_000_000)
    private static let fenceField = Field(
        "fence",
        .integer(1...Int(Int32.max)),
        "The lease's fence."
    )
    private static let sequenceField = Field("sequence", steps, "The report's number in its lease.")
    private static let fromField = Field("from_step", steps, "The first update reported.")
    private static let toField = Field("to_step", steps, "The update after the last one reported.")
    private static let updateSecondsField = Field(
        "update_seconds",
        .number(from: 0),
        default: 0.0,
        "The seconds spent in updates."
    )
    private static let secondsField = Field(
        "seconds",
        .number(from: 0),
        default: 0.0,
        "The seconds since training began."
    )
    private static let digestField = Field(
        "applied_digest",
        .text(limit: 64),
        "SHA-256 over the applied rates and momenta."
    )
    private static let plannedField = Field(
        "planned",
        .flag,
        default: false,
        "Whether the rates were the plan's, because the server could not be reached."
    )
    private static let holdsField = Field(
        "holds",
        .flag,
        default: false,
        "Whether the script makes no update before the answer."
    )
    static let logLinesField = Field(
        "log_lines",
        .list(of: .line(limit: logLineLength), count: 0...logLineLimit),
        default: [],
        "Lines for the job's log."
    )
    private static let seriesField = Field(
        "series",
        .list(of: Series.rule, count: 0...1_000),
        "The metrics."
    )

    /// Reads a report, or reports what is wrong with it.
    public init?(_ document: Document, at pointer: Pointer, _ context: inout DecodingContext) {
        guard var object = ObjectDecoder(document, at: pointer, &context) else { return nil }
        let fence = object.require(Self.fenceField, &context)
        let sequence = object.require(Self.sequenceField, &context)
        let from = object.require(Self.fromField, &context)
        let to = object.require(Self.toField, &context)
        let series = object.has("series") ? object.read(Self.seriesField, &context) : []
        let updateSeconds = object.read(Self.updateSecondsField, &context)
        let seconds = object.read(Self.secondsField, &context)
        let digest = object.require(Self.digestField, &context)
        let logLines = object.read(Self.logLinesField, &context)
        let isPlanned = object.read(Self.plannedField, &context)
        let holds = object.read(Self.holdsField, &context)
        object.finish(&context)
        guard let fence, let sequence, let from, let to, let series, let updateSeconds, let seconds,
            let digest
        else { return nil }
        self.init(
            fence: fence,
            sequence: sequence,
            fromStep: from,
            toStep: to,
            series: series,
            updateSeconds: updateSeconds,
            seconds: seconds,
            appliedDigest: digest
        )
        self.logLines = logLines ?? []
        self.isPlanned = isPlanned ?? false
        self.holds = holds ?? false
        guard to >= from else {
            context.report(
                pointer.appending("to_step"),
                .conflict,
                "must be at least from_step, \(from), not \(to)"
            )
            return nil
        }
        for (index, column) in series.enumerated() {
            let place = pointer.appending("series").appending(index)
            let count = column.steps?.count ?? to - from
            if column.values.count != count {
                context.report(
                    place.appending("values"),
                    .conflict,
                    "must hold \(count) values, one per step, not \(column.values.count)"
                )
            }
            if let steps = column.steps, zip(steps, steps.dropFirst()).contains(where: { $0 >= $1 })
            {
                context.report(place.appending("steps"), .conflict, "must ascend")
            }
        }
        guard context.isValid else { return nil }
    }
}

extension WorkerReport.Series {
    private static let nameField = Field("name", .text(limit: 100), "The metric's name.")
    private static let stepsField = Field(
        "steps",
        .list(of: .integer(0...1_000_000_000), count: 0...1_000_000),
        ""
    )
    private static let valuesField = Field("values", .column, "")

    fileprivate static let rule = ValueRule<Self>("an object with name and values", type: "object")
    {
        document,
        pointer,
        context in
        guard var object = ObjectDecoder(document, at: pointer, &context) else { return nil }
        let name = object.require(nameField, &context)
        let steps = object.read(stepsField, &context)
        let values = object.require(valuesField, &context)
        object.finish(&context)
        guard let name, let values else { return nil }
        return Self(name: name, steps: steps, values: values.values)
    }
}

extension ValueRule<DoubleColumn> {
    /// A column of doubles in either form.
    fileprivate static let column = ValueRule(
        "a list of numbers, or their big-endian doubles in base64",
        type: "array"
    ) { document in (DoubleColumn(document), .type) }
}
