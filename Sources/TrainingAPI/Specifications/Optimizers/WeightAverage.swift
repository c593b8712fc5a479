/// An exponential moving average of the weights, made beside the training.
///
/// After the first update it is the weights themselves; each later update t makes it
/// `average + (1 − decay) · (weights − average)`, as torch's `AveragedModel` with
/// `get_ema_multi_avg_fn(decay)` does. What a model keeps beside its parameters, such as running means
/// of batch normalisation, is not averaged.
public struct WeightAverage: Hashable, Sendable {
    /// The share of the average that is kept at each update, in [0, 1); 0.999 by default.
    public var decay: Double
    /// Whether the model is validated and tested, and the best weights kept, with the average in place
    /// of the weights; on by default.
    public var evaluate: Bool

    /// Makes an average.
    public init(decay: Double = 0.999, evaluate: Bool = true) {
        self.decay = decay
        self.evaluate = evaluate
    }
}

extension WeightAverage: JSONWritable {
    private static let decayField = Field(
        "decay",
        .number(from: 0, below: 1),
        default: 0.999,
        "The share of the average that is kept at each update."
    )
    private static let evaluateField = Field(
        "evaluate",
        .flag,
        default: true,
        "Whether validation and test use the average."
    )

    /// An average, or `null` for none.
    static let rule = ValueRule<WeightAverage?>(
        "null or an object such as {\"decay\": 0.999}",
        type: "object"
    ) { document, pointer, context in
        if case .null = document.value { return .some(nil) }
        guard let average = WeightAverage(document, at: pointer, &context) else { return nil }
        return .some(average)
    }

    private init?(_ document: Document, at pointer: Pointer, _ context: inout DecodingContext) {
        guard var object = ObjectDecoder(document, at: pointer, &context) else { return nil }
        let decay = object.read(Self.decayField, &context)
        let evaluate = object.read(Self.evaluateField, &context)
        object.finish(&context)
        guard let decay, let evaluate else { return nil }
        self.init(decay: decay, evaluate: evaluate)
    }

    /// Writes the average with every default filled in.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field(Self.decayField.name, decay)
            writer.field(Self.evaluateField.name, evaluate)
        }
    }
}
