import TrainingAPI

/// A model as a graph of ONNX operators.
///
/// Source: ONNX, "Open Neural Network Exchange Intermediate Representation Specification", version 8,
/// and "Operator Schemas" of version 13 of the operator set; the numbers of fields are those of
/// `onnx.proto`. Every operator here means the same up to the newest version.
struct ONNXGraph {
    private enum Attribute {
        case integer(Int)
        case integers([Int])
        case float(Float)
    }

    private struct Node {
        let type: String
        let inputs: [String]
        let output: String
        let attributes: [(String, Attribute)]
    }

    private struct Constant {
        let name: String
        let shape: [Int]
        let values: [Float]
    }

    private static let representationVersion = 8
    private static let operatorSetVersion = 13
    /// The names of what comes in and goes out.
    private static let (input, output) = ("features", "outputs")

    private let export: ModelExport
    private var nodes: [Node] = []
    private var constants: [Constant] = []

    /// Makes the graph of a model.
    init(_ export: ModelExport) {
        self.export = export
        let channels = export.normalization.scale.count
        let shape = export.shape.input.isImage ? [channels, 1, 1] : [channels]
        constants.append(
            Constant(name: "scale", shape: shape, values: export.normalization.scale)
        )
        constants.append(
            Constant(name: "shift", shape: shape, values: export.normalization.shift)
        )
        let scaled = add("Mul", [Self.input, "scale"], named: "normalization.scaled")
        let normalized = add("Add", [scaled, "shift"], named: "normalization")
        let last = add(export.shape.layers, to: normalized)
        _ = add("Identity", [last], named: Self.output)
    }

    /// The model's file.
    func model() -> [UInt8] {
        var writer = ProtobufWriter()
        writer.field(1, Self.representationVersion)
        writer.field(2, "lehr")
        writer.message(7) { write(to: &$0) }
        writer.message(8) { $0.field(2, Self.operatorSetVersion) }
        for (place, name) in export.outputNames.enumerated() {
            writer.message(14) { property in
                property.field(1, "output_\(place)")
                property.field(2, name)
            }
        }
        return writer.bytes
    }

    // MARK: - Layers

    private mutating func add(_ layers: [LayerPlan], to input: String) -> String {
        layers.reduce(input) { add($1, to: $0) }
    }

    /// Adds a layer behind `input`, and returns the name of what goes out of it.
    private mutating func add(_ layer: LayerPlan, to input: String) -> String {
        let name = "layers.\(layer.name)"
        switch layer.operation {
        case .linear(let weight, let bias):
            let tensors = [weight, bias].compactMap(\.self).map { constant($0) }
            return add("Gemm", [input] + tensors, named: name, [("transB", .integer(1))])
        case .convolution(let window, let weight, let bias):
            let tensors = [weight, bias].compactMap(\.self).map { constant($0) }
            return add("Conv", [input] + tensors, named: name, Self.attributes(of: window))
        case .maxPool(let window):
            return add("MaxPool", [input], named: name, Self.attributes(of: window))
        case .averagePool(let window):
            let counted = [("count_include_pad", Attribute.integer(1))]
            return add("AveragePool", [input], named: name, Self.attributes(of: window) + counted)
        case .globalAveragePool: return add("GlobalAveragePool", [input], named: name)
        case .batchNorm(let norm):
            let tensors = [norm.scale, norm.shift, norm.runningMean, norm.runningVariance]
            return add(
                "BatchNormalization",
                [input] + tensors.map { constant($0) },
                named: name,
                [("epsilon", .float(Float(norm.settings.epsilon)))]
            )
        case .activation(let function): return add(function, to: input, named: name)
        case .dropout: return input
        case .flatten: return add("Flatten", [input], named: name, [("axis", .integer(1))])
        case .residual(let inner):
            let changed = add(inner, to: input)
            return add("Add", [input, changed], named: name)
        }
    }

    private mutating func add(
        _ function: LayerSpecification.Activation,
        to input: String,
        named name: String
    ) -> String {
        switch function {
        case .relu: return add("Relu", [input], named: name)
        case .tanh: return add("Tanh", [input], named: name)
        case .silu:
            let sigmoid = add("Sigmoid", [input], named: "\(name).sigmoid")
            return add("Mul", [input, sigmoid], named: name)
        case .gelu:
            // x · (1 + erf(x / √2)) / 2; an operator of its own came with version 20.
            let root = scalar(Float(0.5.squareRoot()), named: "root_of_half")
            let scaled = add("Mul", [input, root], named: "\(name).scaled")
            let error = add("Erf", [scaled], named: "\(name).erf")
            let raised = add("Add", [error, scalar(1, named: "one")], named: "\(name).raised")
            let half = add("Mul", [input, scalar(0.5, named: "half")], named: "\(name).half")
            return add("Mul", [half, raised], named: name)
        }
    }

    private static func attributes(
        of window: LayerSpecification.Window
    ) -> [(String, Attribute)] {
        [
            ("kernel_shape", .integers([window.size, window.size])),
            ("strides", .integers([window.stride, window.stride])),
            ("pads", .integers(Array(repeating: window.padding, count: 4))),
        ]
    }

    private mutating func add(
        _ type: String,
        _ inputs: [String],
        named output: String,
        _ attributes: [(String, Attribute)] = []
    ) -> String {
        nodes.append(Node(type: type, inputs: inputs, output: output, attributes: attributes))
        return output
    }

    private mutating func constant(_ tensor: ParameterTensor) -> String {
        constants.append(
            Constant(name: tensor.name, shape: tensor.shape, values: export.values(tensor))
        )
        return tensor.name
    }

    private mutating func scalar(_ value: Float, named name: String) -> String {
        if !constants.contains(where: { $0.name == name }) {
            constants.append(Constant(name: name, shape: [], values: [value]))
        }
        return name
    }

    // MARK: - Writing

    private func write(to writer: inout ProtobufWriter) {
        for node in nodes {
            writer.message(1) { Self.write(node, to: &$0) }
        }
        writer.field(2, "lehr")
        for constant in constants {
            writer.message(5) { Self.write(constant, to: &$0) }
        }
        let sides =
            switch export.shape.input {
            case .flat(let features): [features]
            case .image(let channels, let height, let width): [channels, height, width]
            }
        writer.message(11) { Self.write(Self.input, sides, to: &$0) }
        writer.message(12) { Self.write(Self.output, [export.shape.outputs], to: &$0) }
    }

    private static func write(_ node: Node, to writer: inout ProtobufWriter) {
        for input in node.inputs { writer.field(1, input) }
        writer.field(2, node.output)
        writer.field(3, node.output)
        writer.field(4, node.type)
        for (name, attribute) in node.attributes {
            writer.message(5) { writer in
                writer.field(1, name)
                switch attribute {
                case .float(let value):
                    writer.field(2, value)
                    writer.field(20, 1)
                case .integer(let value):
                    writer.field(3, value)
                    writer.field(20, 2)
                case .integers(let values):
                    for value in values { writer.field(8, value) }
                    writer.field(20, 7)
                }
            }
        }
    }

    private static func write(_ constant: Constant, to writer: inout ProtobufWriter) {
        for extent in constant.shape { writer.field(1, extent) }
        writer.field(2, 1)
        writer.field(8, constant.name)
        writer.field(9, raw: constant.values)
    }

    /// Writes the name and the type of what comes in or goes out: floats, [rows] and then `sides`.
    private static func write(_ name: String, _ sides: [Int], to writer: inout ProtobufWriter) {
        writer.field(1, name)
        writer.message(2) { type in
            type.message(1) { tensor in
                tensor.field(1, 1)
                tensor.message(2) { shape in
                    shape.message(1) { $0.field(2, "rows") }
                    for side in sides {
                        shape.message(1) { $0.field(1, side) }
                    }
                }
            }
        }
    }
}

extension ModelExport {
    /// The most bytes of weights that a message of protocol buffers takes.
    private static let graphLimit = 2_000_000_000

    /// The model in ONNX, operator set 13; nil where its weights are too large for one file.
    ///
    /// It takes `features` [rows, …] of floats as they are in the dataset and gives `outputs`
    /// [rows, outputs]; the number of rows is free.
    package func graph() -> [UInt8]? {
        let size = tensors.map(\.values.count).reduce(0, +) * MemoryLayout<Float>.stride
        return size > Self.graphLimit ? nil : ONNXGraph(self).model()
    }
}
