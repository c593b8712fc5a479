@testable import Training

extension TrainingSession {
    /// Replaces the parameters by `values`: each layer's weights, [outputs, inputs], then biases.
    func setParameters(_ values: [Float]) {
        for (place, value) in zip(parameterPlaces, values) { parameters.elements[place] = value }
    }

    /// The parameters, each layer's weights, then its biases.
    var parameterValues: [Float] { parameterPlaces.map { parameters.elements[$0] } }

    /// The last update's gradient in the same order.
    var gradientValues: [Float] { parameterPlaces.map { gradients.elements[$0] } }

    private var parameterPlaces: [Int] {
        network.layout.layers.flatMap { layer in
            Array(layer.weight..<layer.weight + layer.shape.inputs * layer.shape.outputs)
                + Array(layer.bias..<layer.bias + layer.shape.outputs)
        }
    }
}
