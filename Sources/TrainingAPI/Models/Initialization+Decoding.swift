extension Initialization: JSONWritable {
    private static func gain(_ scheme: Scheme) -> Field<Double>? {
        scheme.gainName.map { name in
            Field(
                name,
                .number(above: 0, to: 1_000),
                default: scheme.standardGain,
                name == "std"
                    ? "The deviation of the weights." : "What the deviation is multiplied by."
            )
        }
    }

    /// Every way to begin.
    public static let types = Scheme.allCases.map { scheme in
        TypeDescription(
            name: scheme.rawValue,
            summary: scheme.summary,
            fields: gain(scheme).map { [$0] } ?? []
        )
    }

    /// An initialization's name, or an object with its name and its gain.
    static let rule: ValueRule<Initialization> = {
        let words = Scheme.allCases.map(\.rawValue)
        let quoted = words.map { "\"\($0)\"" }.joined(separator: ", ")
        return ValueRule(
            "one of \(quoted), or an object such as {\"type\": \"normal\", \"std\": 0.02}",
            type: "string",
            choices: words
        ) { document, pointer, context in
            Initialization(document, at: pointer, &context)
        }
    }()

    /// Reads an initialization, or reports what is wrong with it.
    public init?(_ document: Document, at pointer: Pointer, _ context: inout DecodingContext) {
        guard document.string == nil else {
            guard let scheme = ValueRule<Scheme>.choice.read(document, pointer, &context) else {
                return nil
            }
            self.init(scheme)
            return
        }
        guard var object = ObjectDecoder(document, at: pointer, &context),
            let type = object.type(among: Self.types, &context),
            let scheme = Scheme(rawValue: type)
        else { return nil }
        let gain = Self.gain(scheme).map { object.read($0, &context) } ?? scheme.standardGain
        object.finish(&context)
        guard let gain else { return nil }
        self.init(scheme, gain: gain)
    }

    /// Writes the name, or an object where a gain belongs to it.
    public func write(to writer: inout JSONWriter) {
        guard let name = scheme.gainName else { return writer.string(scheme.rawValue) }
        writer.object { writer in
            writer.field("type", scheme.rawValue)
            writer.field(name, gain)
        }
    }
}

extension Initialization.Scheme {
    /// The formula, as a sentence.
    fileprivate var summary: String {
        switch self {
        case .pytorch: "PyTorch's default: weights and biases U(-1/√fan_in, 1/√fan_in)."
        case .kaimingUniform: "U(-b, b), b = gain · √(3 / fan_in); biases 0."
        case .kaimingNormal: "N(0, gain² / fan_in); biases 0."
        case .xavierUniform: "U(-b, b), b = gain · √(6 / (fan_in + fan_out)); biases 0."
        case .xavierNormal: "N(0, 2 · gain² / (fan_in + fan_out)); biases 0."
        case .lecunUniform: "U(-b, b), b = √(3 / fan_in); biases 0."
        case .lecunNormal: "N(0, 1 / fan_in); biases 0."
        case .orthogonal: "Orthogonal rows or columns of length gain; biases 0."
        case .normal: "N(0, std²); biases 0."
        case .zeros: "Zeros."
        }
    }
}
