extension LayerSpecification {
    static let units = Field(
        "units",
        .integer(1...16_384),
        "The values that go out; left out in the last layer alone, which takes the data's number."
    )
    static let bias = Field(
        "bias",
        .flag,
        default: true,
        "Whether a trained number is added to each output or channel."
    )
    static let channels = Field(
        "channels",
        .integer(1...2_048),
        "The channels that go out."
    )
    static let kernel = Field(
        "kernel",
        .integer(1...31),
        "The side of the square kernel."
    )
    private static let kernelStride = Field(
        "stride",
        .integer(1...31),
        default: 1,
        "The distance between two places of the kernel."
    )
    private static let kernelPadding = Field(
        "padding",
        .integer(0...30),
        default: 0,
        "The zeros around the image; at most the kernel less one."
    )
    static let size = Field("size", .integer(1...64), default: 2, "The window's side.")
    static let stride = Field(
        "stride",
        .integer(1...64),
        "The distance between two places of the window; its size by default."
    )
    static let padding = Field(
        "padding",
        .integer(0...32),
        default: 0,
        "The rim around the image; at most half the size."
    )
    static let momentum = Field(
        "momentum",
        .number(above: 0, to: 1),
        default: 0.1,
        "The share of the running statistics that a batch replaces."
    )
    static let epsilon = Field(
        "eps",
        .number(above: 0, to: 1),
        default: 1e-5,
        "What is added to the variance."
    )
    static let rate = Field(
        "rate",
        .number(from: 0, below: 1),
        default: 0.5,
        "The probability with which training zeroes a value."
    )
    static let list = ValueRule<[LayerSpecification]>(
        "a list of 1 to 256 layers, each an object such as {\"type\": \"linear\", \"units\": 64}",
        type: "array"
    ) { document, pointer, context in
        layers(document, at: pointer, &context)
    }
    static let inner = Field(
        "layers",
        list,
        "The layers inside, which give the shape that they take."
    )

    /// Every kind of layer.
    public static let types =
        [
            TypeDescription(
                name: "linear",
                summary: "A weighted sum of flat features for each output.",
                fields: [units, bias]
            ),
            TypeDescription(
                name: "convolution",
                summary: "A two-dimensional convolution over an image.",
                fields: [channels, kernel, kernelStride, kernelPadding, bias]
            ),
            TypeDescription(
                name: "max_pool",
                summary: "The largest value of each window of an image.",
                fields: [size, stride, padding]
            ),
            TypeDescription(
                name: "average_pool",
                summary: "The mean of each window of an image; the rim's zeros are counted.",
                fields: [size, stride, padding]
            ),
            TypeDescription(
                name: "global_average_pool",
                summary: "The mean of each channel, which leaves an image of 1×1.",
                fields: []
            ),
            TypeDescription(
                name: "batch_norm",
                summary: "Batch normalization of each feature or channel.",
                fields: [momentum, epsilon]
            ),
            TypeDescription(
                name: "dropout",
                summary: "Zeroes values at random in training and scales up the others.",
                fields: [rate]
            ),
            TypeDescription(
                name: "flatten",
                summary: "An image as flat features, channel by channel.",
                fields: []
            ),
            TypeDescription(
                name: "residual",
                summary: "What came in, added to what the layers inside give.",
                fields: [inner]
            ),
        ]
        + Activation.allCases.map {
            TypeDescription(name: $0.rawValue, summary: $0.summary, fields: [])
        }

    /// The word that stands in `type`.
    public var typeName: String {
        switch self {
        case .linear: "linear"
        case .convolution: "convolution"
        case .maxPool: "max_pool"
        case .averagePool: "average_pool"
        case .globalAveragePool: "global_average_pool"
        case .batchNorm: "batch_norm"
        case .activation(let function): function.rawValue
        case .dropout: "dropout"
        case .flatten: "flatten"
        case .residual: "residual"
        }
    }

    /// Reads a layer, or reports what is wrong with it.
    public init?(_ document: Document, at pointer: Pointer, _ context: inout DecodingContext) {
        // A layer without settings may be written as its name alone.
        let object = document.string.map { name in
            Document(
                .object([.init(name: "type", value: Document(.string(name), at: document.position))]
                ),
                at: document.position
            )
        }
        guard var object = ObjectDecoder(object ?? document, at: pointer, &context),
            let type = object.type(among: Self.types, &context)
        else { return nil }
        let layer = Self.layer(type, of: &object, &context)
        object.finish(&context)
        guard let layer else { return nil }
        self = layer
    }

    private static func layer(
        _ type: String,
        of object: inout ObjectDecoder,
        _ context: inout DecodingContext
    ) -> LayerSpecification? {
        switch type {
        case "linear":
            let count = object.read(units, &context)
            let hasBias = object.read(bias, &context)
            return hasBias.map { .linear(Linear(units: count, bias: $0)) }
        case "convolution":
            return convolution(of: &object, &context)
        case "max_pool":
            return window(of: &object, &context).map { .maxPool($0) }
        case "average_pool":
            return window(of: &object, &context).map { .averagePool($0) }
        case "global_average_pool":
            return .globalAveragePool
        case "batch_norm":
            let share = object.read(momentum, &context)
            let floor = object.read(epsilon, &context)
            guard let share, let floor else { return nil }
            return .batchNorm(BatchNorm(momentum: share, epsilon: floor))
        case "dropout":
            return object.read(rate, &context).map { .dropout(rate: $0) }
        case "flatten":
            return .flatten
        case "residual":
            return object.require(inner, &context).map { .residual($0) }
        default:
            return Activation(rawValue: type).map { .activation($0) }
        }
    }

    private static func convolution(
        of object: inout ObjectDecoder,
        _ context: inout DecodingContext
    ) -> LayerSpecification? {
        let outputs = object.require(channels, &context)
        let side = object.require(kernel, &context)
        let step = object.read(kernelStride, &context)
        let rim = object.read(kernelPadding, &context)
        let hasBias = object.read(bias, &context)
        guard let outputs, let side, let step, let rim, let hasBias else { return nil }
        guard rim < side else {
            context.report(
                object.pointer.appending("padding"),
                .conflict,
                "a padding of \(rim) leaves places where a kernel of \(side) sees zeros alone;"
                    + " write at most \(side - 1)"
            )
            return nil
        }
        return .convolution(
            Convolution(channels: outputs, kernel: side, stride: step, padding: rim, bias: hasBias)
        )
    }

    private static func window(
        of object: inout ObjectDecoder,
        _ context: inout DecodingContext
    ) -> Window? {
        let side = object.read(size, &context)
        let step = object.has(stride.name) ? object.read(stride, &context) : side
        _ = object.document(stride.name)
        let rim = object.read(padding, &context)
        guard let side, let step, let rim else { return nil }
        guard rim <= side / 2 else {
            context.report(
                object.pointer.appending("padding"),
                .conflict,
                "a padding of \(rim) is more than half the window's \(side); write at most"
                    + " \(side / 2)"
            )
            return nil
        }
        return Window(size: side, stride: step, padding: rim)
    }

    private static func layers(
        _ document: Document,
        at pointer: Pointer,
        _ context: inout DecodingContext
    ) -> [LayerSpecification]? {
        guard let items = document.array, (1...256).contains(items.count) else {
            context.report(
                pointer,
                document.array == nil ? .type : .range,
                "must be \(list.expectation), not \(document.summary)",
                at: document.position
            )
            return nil
        }
        let layers = items.enumerated().map { index, item in
            LayerSpecification(item, at: pointer.appending(index), &context)
        }
        return layers.contains { $0 == nil } ? nil : layers.compactMap { $0 }
    }
}
