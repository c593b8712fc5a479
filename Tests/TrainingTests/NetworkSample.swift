import TrainingAPI

@testable import Datasets
@testable import Training

/// A network on random rows, weights and targets, with the same in doubles.
struct NetworkSample {
    let shape: ModelShape
    let network: Network
    let workspace: Workspace
    let parameters: FloatBuffer
    let buffers: FloatBuffer
    let gradients: FloatBuffer
    /// The rows as torch has them, images channel by channel.
    let features: [[Double]]
    let labels: [Int]
    let values: [[Double]]
    let reference: DoubleNetwork

    init(
        _ layers: [LayerSpecification],
        input: TensorShape,
        rows: Int,
        target: DatasetDescription.Target = .classes(3),
        loss: LossSpecification = LossSpecification(),
        capacity: Int? = nil,
        isTraining: Bool = true
    ) throws {
        shape = try ModelShape(.sequential(layers), input: input, outputs: target.outputs)
        network = try Network(shape, loss: loss, target: target, dropoutSeed: 5)
        workspace = try Workspace(
            network,
            target: target,
            rows: capacity ?? rows,
            hasGradients: isTraining
        )
        parameters = try FloatBuffer(count: shape.parameters.count)
        buffers = try FloatBuffer(count: shape.buffers.count)
        gradients = try FloatBuffer(count: shape.parameters.count)
        shape.initialize(
            parameters,
            buffers: buffers,
            by: Initialization(.normal, gain: 0.4),
            seed: 3
        )
        let stream = RandomStream(seed: 11, purpose: .synthesis)
        for tensor in shape.parameters.tensors where tensor.role != .weight {
            for place in tensor.range {
                let base: Float = tensor.role == .normScale ? 1 : 0
                parameters.elements[place] =
                    base + 0.3 * Float(stream.normal(step: 7, index: place))
            }
        }
        let count = input.count
        let channels = input.channels
        var features: [[Double]] = []
        for row in 0..<rows {
            let own = (0..<count).map {
                Double(Float(stream.normal(step: 0, index: row * count + $0)))
            }
            features.append(own)
            for (index, value) in own.enumerated() {
                // The batch has an image's channels varying fastest.
                let places = count / channels
                let place =
                    if case .image = input { index % places * channels + index / places } else {
                        index
                    }
                workspace.batch.features[row * count + place] = Float(value)
            }
        }
        self.features = features
        let draws = (0..<rows).map { stream.uniform(step: 1, index: $0) }
        switch target {
        case .classes(let classes):
            labels = draws.map { Int($0 * Float(classes)) }
            values = []
            for (row, label) in labels.enumerated() { workspace.batch.labels[row] = Int32(label) }
        case .values(let count):
            labels = []
            values = (0..<rows).map { row in
                (0..<count).map { Double(Float(stream.normal(step: 2, index: row * count + $0))) }
            }
            for (index, value) in values.joined().enumerated() {
                workspace.batch.targets[index] = Float(value)
            }
        }
        reference = DoubleNetwork(shape: shape, loss: loss)
    }

    var rows: Int { features.count }

    /// The mean loss; sets the gradient, or adds it.
    func train(step: Int = 0, accumulating: Bool = false) throws -> Double {
        let weight = network.lossWeight(workspace, rows: rows)
        return try network.forwardBackward(
            parameters,
            buffers: buffers,
            gradients: gradients,
            workspace,
            rows: rows,
            scale: 1 / weight,
            step: step,
            firstRow: 0,
            accumulating: accumulating
        ) / weight
    }

    /// The parameters in doubles, in their places.
    var doubles: [Double] { (0..<parameters.count).map { Double(parameters.elements[$0]) } }

    /// The loss in doubles at `parameters`.
    func loss(_ parameters: [Double]) -> Double {
        reference.loss(parameters, rows: features, labels: labels, values: values)
    }

    /// The slope of the loss in the parameter at `place`, from doubles a little apart.
    func slope(_ parameters: [Double], at place: Int) -> Double {
        var moved = parameters
        let reach = 1e-5
        moved[place] = parameters[place] + reach
        let above = loss(moved)
        moved[place] = parameters[place] - reach
        return (above - loss(moved)) / (2 * reach)
    }
}
