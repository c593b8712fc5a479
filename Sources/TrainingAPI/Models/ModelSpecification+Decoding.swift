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
    private static let dropout = Field(
        "dropout",
        .number(from: 0, below: 1),
        default: 0,
        "The share of each hidden linear layer's values that training zeroes."
    )
    private static let batchNorm = Field(
        "batch_norm",
        .flag,
        default: false,
        "Whether batch normalization stands before each activation of a hidden layer or stage."
    )
    private static let residual = Field(
        "residual",
        .flag,
        default: false,
        "Whether a hidden layer as wide as the one before is added to what came in."
    )
    private static let channels = Field(
        "channels",
        .list(of: .integer(1...2_048), count: 1...16),
        default: [16, 32],
        "The channels of each stage: convolution, activation, pooling."
    )
    private static let kernel = Field(
        "kernel",
        .integer(1...31),
        default: 3,
        "The side of the kernels; an odd one keeps the size of the image."
    )
    private static let pool = Field(
        "pool",
        .integer(1...64),
        default: 2,
        "The side of the windows whose largest value goes on; 1 for no pooling."
    )
    private static let linear = Field(
        "hidden",
        .list(of: .integer(1...16_384), count: 0...32),
        default: [128],
        "The width of each hidden linear layer after the stages, in units."
    )
    private static let globalAverage = Field(
        "global_average",
        .flag,
        default: false,
        "Whether each channel's mean, in place of all its values, goes to the linear layers."
    )
    private static let layers = Field(
        "layers",
        LayerSpecification.list,
        "The layers, from the features to the outputs; GET /v1/models/types lists their kinds."
    )
    private static let initialization = Field(
        "initialization",
        Initialization.rule,
        default: Initialization(),
        "How the weights begin."
    )

    /// Every kind of model.
    public static let types: [TypeDescription] = {
        let shared: [any DescribedField] = [initialization] + LossSpecification.fields
        return [
            TypeDescription(
                name: "softmax",
                summary: "Softmax regression: one linear layer from the features to the classes.",
                fields: shared
            ),
            TypeDescription(
                name: "mlp",
                summary: "A multi-layer perceptron: linear layers with an activation between.",
                fields: [hidden, activation, dropout, batchNorm, residual] + shared
            ),
            TypeDescription(
                name: "cnn",
                summary: "Convolutions with pooling over an image, then linear layers.",
                fields: [
                    channels, kernel, pool, linear, activation, dropout, batchNorm, globalAverage,
                ] + shared
            ),
            TypeDescription(
                name: "sequential",
                summary: "The given layers, one after another.",
                fields: [layers] + shared
            ),
        ]
    }()

    /// Reads a model, or reports what is wrong with it.
    public init?(_ document: Document, at pointer: Pointer, _ context: inout DecodingContext) {
        guard var object = ObjectDecoder(document, at: pointer, &context),
            let type = object.type(among: Self.types, &context)
        else { return nil }
        let architecture: Architecture? =
            switch type {
            case "mlp": Self.perceptron(of: &object, &context).map { .mlp($0) }
            case "cnn": Self.network(of: &object, &context).map { .cnn($0) }
            case "sequential": object.require(Self.layers, &context).map { .sequential($0) }
            default: .softmax
            }
        let initialization = object.read(Self.initialization, &context)
        let loss = LossSpecification(&object, &context)
        object.finish(&context)
        guard let architecture, let initialization, let loss else { return nil }
        self.init(architecture, initialization: initialization, loss: loss)
    }

    private static func perceptron(
        of object: inout ObjectDecoder,
        _ context: inout DecodingContext
    ) -> MultiLayerPerceptron? {
        let widths = object.read(hidden, &context)
        let function = object.read(activation, &context)
        let rate = object.read(dropout, &context)
        let isNormalized = object.read(batchNorm, &context)
        let isResidual = object.read(residual, &context)
        guard let widths, let function, let rate, let isNormalized, let isResidual else {
            return nil
        }
        if isResidual, !zip(widths, widths.dropFirst()).contains(where: ==) {
            context.report(
                object.pointer.appending(residual.name),
                .conflict,
                "no hidden layer is as wide as the one before, so that none can be residual;"
                    + " write hidden such as [128, 128]"
            )
            return nil
        }
        return MultiLayerPerceptron(
            hidden: widths,
            activation: function,
            dropout: rate,
            batchNorm: isNormalized,
            residual: isResidual
        )
    }

    private static func network(
        of object: inout ObjectDecoder,
        _ context: inout DecodingContext
    ) -> ConvolutionalNetwork? {
        let stages = object.read(channels, &context)
        let side = object.read(kernel, &context)
        let window = object.read(pool, &context)
        let widths = object.read(linear, &context)
        let function = object.read(activation, &context)
        let rate = object.read(dropout, &context)
        let isNormalized = object.read(batchNorm, &context)
        let isAverage = object.read(globalAverage, &context)
        guard let stages, let side, let window, let widths, let function, let rate,
            let isNormalized, let isAverage
        else { return nil }
        if rate > 0, widths.isEmpty {
            context.report(
                object.pointer.appending(dropout.name),
                .conflict,
                "dropout acts on hidden linear layers, and hidden is empty"
            )
            return nil
        }
        return ConvolutionalNetwork(
            channels: stages,
            kernel: side,
            pool: window,
            hidden: widths,
            activation: function,
            dropout: rate,
            batchNorm: isNormalized,
            globalAverage: isAverage
        )
    }

    /// Writes the model with every default filled in.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("type", typeName)
            switch architecture {
            case .softmax: break
            case .mlp(let perceptron):
                writer.field(Self.hidden.name, perceptron.hidden)
                writer.field(Self.activation.name, perceptron.activation)
                writer.field(Self.dropout.name, perceptron.dropout)
                writer.field(Self.batchNorm.name, perceptron.batchNorm)
                writer.field(Self.residual.name, perceptron.residual)
            case .cnn(let network):
                writer.field(Self.channels.name, network.channels)
                writer.field(Self.kernel.name, network.kernel)
                writer.field(Self.pool.name, network.pool)
                writer.field(Self.linear.name, network.hidden)
                writer.field(Self.activation.name, network.activation)
                writer.field(Self.dropout.name, network.dropout)
                writer.field(Self.batchNorm.name, network.batchNorm)
                writer.field(Self.globalAverage.name, network.globalAverage)
            case .sequential(let layers): writer.field(Self.layers.name, layers)
            }
            writer.field(Self.initialization.name, initialization)
            loss.writeFields(to: &writer)
        }
    }

    /// The word that stands in `type`.
    public var typeName: String {
        switch architecture {
        case .softmax: "softmax"
        case .mlp: "mlp"
        case .cnn: "cnn"
        case .sequential: "sequential"
        }
    }
}
