/// What a model is made of once the data's shape is known: the one place where shapes are decided.
///
/// The layers are those of the equivalent `nn.Sequential`, in order, and the tensors those of its
/// `state_dict`.
package struct ModelShape: Hashable, Sendable {
    /// The shape of one row of features.
    package let input: TensorShape
    /// The numbers that the model gives for a row: one per class, or per column of the target.
    package let outputs: Int
    /// The layers, from the features to the outputs.
    package let layers: [LayerPlan]
    /// The trained tensors.
    package let parameters: ParameterLayout
    /// The tensors that training changes otherwise: batch normalization's running statistics.
    package let buffers: ParameterLayout

    /// Works out the layers of `model` between `input` and `outputs`, which is at least 1.
    ///
    /// Throws where a layer does not fit what comes in.
    package init(
        _ model: ModelSpecification,
        input: TensorShape,
        outputs: Int
    ) throws(ModelFault) {
        var inference = ShapeInference(outputs: outputs)
        let expanded = model.expandedLayers(for: input)
        layers = try inference.plan(expanded, from: input, prefix: "", isWhole: true)
        guard inference.parameters.count > 0 else {
            throw ModelFault(path: [], detail: "the model has no layer with weights to train")
        }
        self.input = input
        self.outputs = outputs
        parameters = inference.parameters
        buffers = inference.buffers
    }

    /// The number of trained values.
    package var parameterCount: Int { parameters.valueCount }

    /// Whether a layer needs more than one row in each batch.
    package var hasBatchNorm: Bool { buffers.count > 0 }
}

/// Why a model does not fit what comes in.
package struct ModelFault: Error, Hashable, CustomStringConvertible {
    /// The place in the model's specification, from its root: `["layers", "2"]`.
    package let path: [String]
    /// What came and what was needed, as a sentence without its full stop.
    package let detail: String

    /// The place and the sentence.
    package var description: String { (path + [detail]).joined(separator: ": ") }
}
