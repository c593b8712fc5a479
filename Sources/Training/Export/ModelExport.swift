package import TrainingAPI

/// A trained model as other programs read it: weights, a torch module and an ONNX graph.
///
/// All three take features as they are in the dataset, images as [rows, channels, height, width]: the
/// normalization that was fitted on the training part is the first thing that the module
/// and the graph compute, and stands in the notes of the weights.
package struct ModelExport: Sendable {
    /// What is done to a feature before the first layer: `value · scale + shift`, per channel of images
    /// and per column of tables.
    package struct Normalization: Hashable, Sendable {
        /// The factors.
        package let scale: [Float]
        /// The summands.
        package let shift: [Float]

        /// Makes the normalization; the lists are as long as each other.
        package init(scale: [Float], shift: [Float]) {
            self.scale = scale
            self.shift = shift
        }
    }

    /// A named tensor with its values, row-major.
    struct Tensor: Sendable {
        let name: String
        let shape: [Int]
        let values: [Float]
    }

    /// What the model is made of.
    package let shape: ModelShape
    /// What is done to features first.
    package let normalization: Normalization
    /// The names of the outputs; empty where they have none.
    package let outputNames: [String]
    /// The parameters, then the buffers, in the order of torch's `state_dict`.
    let tensors: [Tensor]
    /// The finished updates.
    let step: Int

    /// The values of a tensor that the layers name.
    func values(_ tensor: ParameterTensor) -> [Float] {
        guard let found = tensors.first(where: { $0.name == tensor.name }) else {
            preconditionFailure("the model has no tensor \(tensor.name)")
        }
        return found.values
    }

    /// The weights in the layout of safetensors, with the keys of the `state_dict` of the equivalent
    /// `nn.Sequential`.
    ///
    /// The notes say the format, the step and the normalization, as JSON lists.
    package func weights() -> [UInt8] {
        let counts = shape.layers.batchNormNames
        let heading = TensorHeading(
            notes: [
                "format": "pt", "step": String(step), "producer": "lehr",
                "normalization": Self.text(normalization),
            ],
            tensors: tensors.map { ($0.name, .float, $0.shape) }
                + counts.map { ("\($0).num_batches_tracked", .integer, []) }
        )
        var bytes = heading.bytes
        bytes.reserveCapacity(bytes.count + heading.byteCount)
        for tensor in tensors {
            tensor.values.withUnsafeBytes { bytes.append(contentsOf: $0) }
        }
        for _ in counts {
            withUnsafeBytes(of: Int64(step).littleEndian) { bytes.append(contentsOf: $0) }
        }
        return bytes
    }

    private static func text(_ normalization: Normalization) -> String {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("scale", normalization.scale.map { Double($0) })
            writer.field("shift", normalization.shift.map { Double($0) })
        }
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

extension [LayerPlan] {
    /// The names of the batch normalizations, in their order.
    fileprivate var batchNormNames: [String] {
        flatMap { layer -> [String] in
            switch layer.operation {
            case .batchNorm: [layer.name]
            case .residual(let inner): inner.batchNormNames
            default: []
            }
        }
    }
}
