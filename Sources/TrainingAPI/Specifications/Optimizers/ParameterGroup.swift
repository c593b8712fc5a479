/// Parameters with a learning rate or a weight decay of their own.
public struct ParameterGroup: Hashable, Sendable {
    /// Which tensors: `bias` or `norm`, or a tensor's name in torch's `state_dict`, such as `0.weight`,
    /// in which `*` stands for any characters and `?` for one.
    public var match: String
    /// The factor of the learning rate, at least 0; 1 by default.
    ///
    /// At 0 the tensors stay as they are, but for a weight decay that is coupled to the schedule.
    public var rateFactor: Double
    /// The weight decay; `nil` for the optimizer's own.
    ///
    /// Given, it holds even for tensors that `weight_decay_exclude` names.
    public var weightDecay: Double?

    /// Makes a group.
    public init(match: String, rateFactor: Double = 1, weightDecay: Double? = nil) {
        self.match = match
        self.rateFactor = rateFactor
        self.weightDecay = weightDecay
    }

    /// Whether a tensor called `name`, of `kinds`, belongs to the group.
    public func matches(_ name: String, kinds: Set<TensorKind>) -> Bool {
        if let kind = TensorKind(rawValue: match) { return kinds.contains(kind) }
        return Self.matches(Array(name.utf8)[...], Array(match.utf8)[...])
    }

    /// Whether `pattern` stands for `text`; a `*` that fails is tried again one character later.
    private static func matches(_ text: ArraySlice<UInt8>, _ pattern: ArraySlice<UInt8>) -> Bool {
        let (any, one) = (UInt8(ascii: "*"), UInt8(ascii: "?"))
        var (text, pattern) = (text, pattern)
        var retry: (text: ArraySlice<UInt8>, pattern: ArraySlice<UInt8>)?
        while let character = text.first {
            if pattern.first == any {
                pattern = pattern.dropFirst()
                retry = (text, pattern)
            } else if let expected = pattern.first, expected == character || expected == one {
                text = text.dropFirst()
                pattern = pattern.dropFirst()
            } else if let last = retry {
                text = last.text.dropFirst()
                pattern = last.pattern
                retry = (text, pattern)
            } else {
                return false
            }
        }
        return pattern.allSatisfy { $0 == any }
    }
}

extension ParameterGroup: JSONWritable {
    private static let matchField = Field(
        "match",
        .text(limit: 200),
        "\"bias\", \"norm\", or a tensor's name in which * and ? stand for other characters."
    )
    private static let factorField = Field(
        "rate_factor",
        .number(from: 0, to: 1_000),
        default: 1,
        "The factor of the learning rate."
    )
    private static let decayField = Field(
        "weight_decay",
        ValueRule<Double>.number(from: 0, to: 1_000).orNull(),
        "The weight decay; the optimizer's own where it is null or absent."
    )

    /// A group of parameters.
    static let rule = ValueRule<ParameterGroup>(
        "an object such as {\"match\": \"*.bias\", \"rate_factor\": 2}",
        type: "object"
    ) { document, pointer, context in
        ParameterGroup(document, at: pointer, &context)
    }

    private init?(_ document: Document, at pointer: Pointer, _ context: inout DecodingContext) {
        guard var object = ObjectDecoder(document, at: pointer, &context) else { return nil }
        let match = object.require(Self.matchField, &context)
        let factor = object.read(Self.factorField, &context)
        let decay = object.read(Self.decayField, &context)
        object.finish(&context)
        guard let match, let factor else { return nil }
        self.init(match: match, rateFactor: factor, weightDecay: decay ?? nil)
    }

    /// Writes the group with every default filled in.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field(Self.matchField.name, match)
            writer.field(Self.factorField.name, rateFactor)
            writer.field(Self.decayField.name, weightDecay)
        }
    }
}
