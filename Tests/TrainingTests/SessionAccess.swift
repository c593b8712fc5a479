import TrainingAPI

@testable import Training

extension TrainingSession {
    /// Replaces the parameters by `values`, tensor by tensor in torch's order.
    func setParameters(_ values: [Float]) {
        for (place, value) in zip(parameterPlaces, values) { parameters.elements[place] = value }
    }

    /// The parameters, tensor by tensor.
    var parameterValues: [Float] { parameterPlaces.map { parameters.elements[$0] } }

    /// The last update's gradient in the same order.
    var gradientValues: [Float] { parameterPlaces.map { gradients.elements[$0] } }

    private var parameterPlaces: [Int] { shape.parameters.tensors.flatMap(\.range) }
}
