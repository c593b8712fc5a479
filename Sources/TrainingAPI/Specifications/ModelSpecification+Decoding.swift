extension ModelSpecification: JSONWritable {
    private static let hidden = Field(
        "hidden",
        .list(of: .integer(1...16_384), count: 1...32),
        default: [256, 128],
        "The width of each hidden layer, from input to output, in units."
    )
    private static let activation = Field(
        "activation",
        ValueRule<Activation>.choice,
        default: .relu,
        "The function after each hidden layer."
    )

    /// Every kind of model.
    public static let types = [
        TypeDescription(
            name: "softmax",
            summary: "Softmax regression: one linear layer from the features to the classes.",
            fields: []
        ),
        TypeDescription(
            name: "mlp",
            summary: "A multi-layer perceptron: linear layers with an activation between.",
            fields: [hidden, activation]
        ),
    ]

    /// Reads a model, or reports what is wrong with it.
    public init?(_ document: Document, at pointer: Pointer, _ context: inout DecodingContext) {
        guard var object = ObjectDecoder(document, at: pointer, &context),
            let type = object.type(among: Self.types, &context)
        else { return nil }
        switch type {
        case "mlp":
            let widths = object.read(Self.hidden, &context)
            let function = object.read(Self.activation, &context)
            object.finish(&context)
            guard let widths, let function else { return nil }
            self = .mlp(MultiLayerPerceptron(hidden: widths, activation: function))
        default:
            object.finish(&context)
            self = .softmax
        }
    }

    /// Writes the model with every default filled in.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            switch self {
            case .softmax:
                writer.field("type", "softmax")
            case .mlp(let perceptron):
                writer.field("type", "mlp")
                writer.field(Self.hidden.name, perceptron.hidden)
                writer.field(Self.activation.name, perceptron.activation)
            }
        }
    }
}

extension ModelSpecification.Activation: JSONWritable {
    /// Writes the activation's name.
    public func write(to writer: inout JSONWriter) {
        writer.string(rawValue)
    }
}
