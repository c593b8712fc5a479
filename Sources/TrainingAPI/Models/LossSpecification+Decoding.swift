extension LossSpecification {
    private static let loss = Field(
        "loss",
        ValueRule<Kind>.choice,
        "What training makes small; by the kind of target by default: cross_entropy for classes, "
            + "mean_squared_error for values."
    )
    private static let smoothing = Field(
        "label_smoothing",
        .number(from: 0, below: 1),
        default: 0,
        "The share of a label that is spread over all classes."
    )
    private static let weights = Field(
        "class_weights",
        .list(of: .number(from: 0, to: 1e6), count: 1...100_000),
        "Each class's weight in the loss, by class; equal by default."
    )
    private static let delta = Field(
        "huber_delta",
        .number(above: 0, to: 1e6),
        default: 1,
        "Where Huber's loss becomes linear."
    )

    /// The fields of every model that say its loss.
    static let fields: [any DescribedField] = [loss, smoothing, weights, delta]

    /// Reads the loss of a model, or reports what is wrong with it.
    init?(_ object: inout ObjectDecoder, _ context: inout DecodingContext) {
        let kind = object.read(Self.loss, &context)
        let labelSmoothing = object.read(Self.smoothing, &context)
        let classWeights = object.has(Self.weights.name) ? object.read(Self.weights, &context) : []
        _ = object.document(Self.weights.name)
        let huberDelta = object.read(Self.delta, &context)
        guard kind != nil || !object.has(Self.loss.name), let labelSmoothing, let classWeights,
            let huberDelta
        else { return nil }
        if object.has(Self.weights.name), !classWeights.contains(where: { $0 > 0 }) {
            context.report(
                object.pointer.appending(Self.weights.name),
                .range,
                "one weight at least must be above 0"
            )
            return nil
        }
        self.init(
            kind,
            labelSmoothing: labelSmoothing,
            classWeights: classWeights,
            huberDelta: huberDelta
        )
        guard let kind else { return }
        let foreign =
            kind == .crossEntropy
            ? (huberDelta != 1 ? [Self.delta.name] : [])
            : [
                labelSmoothing > 0 ? Self.smoothing.name : nil,
                classWeights.isEmpty ? nil : Self.weights.name,
                kind != .huber && huberDelta != 1 ? Self.delta.name : nil,
            ].compactMap { $0 }
        for name in foreign {
            context.report(
                object.pointer.appending(name),
                .conflict,
                "\(name) has no meaning with the loss \(kind.rawValue); leave it out"
            )
        }
        if !foreign.isEmpty { return nil }
    }

    /// Writes the loss's fields, which stand among a model's.
    func writeFields(to writer: inout JSONWriter) {
        if let kind { writer.field(Self.loss.name, kind.rawValue) }
        writer.field(Self.smoothing.name, labelSmoothing)
        if !classWeights.isEmpty { writer.field(Self.weights.name, classWeights) }
        writer.field(Self.delta.name, huberDelta)
    }
}
