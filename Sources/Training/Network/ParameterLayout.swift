import Datasets

/// Where each tensor of a model lies in one array of floats.
///
/// Weights are [outputs, inputs], row-major, as torch keeps them; biases [outputs]. Each tensor
/// starts at a multiple of 16, and what lies between two tensors is always 0.
struct ParameterLayout: Hashable {
    /// A linear layer's places.
    struct Linear: Hashable {
        let shape: ModelShape.Linear
        let weight: Int
        let bias: Int
    }

    /// The layers, from the features to the classes.
    let layers: [Linear]
    /// The length of the whole array, a multiple of 16.
    let count: Int

    init(_ shape: ModelShape) {
        var offset = 0
        layers = shape.layers.map { layer in
            let weight = offset
            let bias = weight + (layer.inputs * layer.outputs).roundedUpToLanes
            offset = bias + layer.outputs.roundedUpToLanes
            return Linear(shape: layer, weight: weight, bias: bias)
        }
        count = offset
    }

    /// Draws initial weights and biases by torch's default for a linear layer.
    ///
    /// From U(-1/√inputs, 1/√inputs), with one stream per layer: weights first, then biases.
    ///
    /// Source: He, Zhang, Ren & Sun 2015, "Delving deep into rectifiers", equation 14 with a = √5.
    func initialize(_ parameters: FloatBuffer, seed: UInt64) {
        for (place, layer) in layers.enumerated() {
            let stream = RandomStream(seed: seed, purpose: .initialWeights, layer: place)
            let bound = Float(1 / Double(layer.shape.inputs).squareRoot())
            let weights = layer.shape.inputs * layer.shape.outputs
            for index in 0..<weights + layer.shape.outputs {
                let offset = index < weights ? layer.weight + index : layer.bias + index - weights
                let draw = stream.uniform(step: 0, index: index)
                parameters.elements[offset] = (2 * draw - 1) * bound
            }
        }
    }
}
