import Foundation
import Testing

@testable import Datasets
@testable import Training
@testable import TrainingAPI

@Suite struct TorchModelTests {
    /// The tolerance is three times the gap between torch's own single and double precision on the
    /// run, and at least 1e-5.
    @Test(arguments: TorchModels.recorded.runs)
    func `goes the way torch goes over 50 updates`(run: TorchModels.Run) throws {
        let recorded = TorchModels.recorded
        let (document, _) = try JSONReader.read(Array(run.model.utf8))
        var context = DecodingContext()
        let model = try #require(ModelSpecification(document, at: .root, &context))
        let target: DatasetDescription.Target =
            run.target == "classes" ? .classes(recorded.classes) : .values(recorded.values)
        let shape = try ModelShape(
            model,
            input: TensorShape(features: run.shape),
            outputs: target.outputs
        )
        #expect(shape.parameters.tensors.map(\.name) == run.parameters)
        let network = try Network(shape, loss: model.loss, target: target, dropoutSeed: 0)
        let (parameters, buffers, gradients) = try (
            FloatBuffer(count: shape.parameters.count), FloatBuffer(count: shape.buffers.count),
            FloatBuffer(count: shape.parameters.count)
        )
        for (place, tensor) in shape.parameters.tensors.enumerated() {
            for index in 0..<tensor.count {
                parameters.elements[tensor.offset + index] =
                    recorded.weight(place, index) + (tensor.role == .normScale ? 1 : 0)
            }
        }
        let optimizer = try Optimizer(
            OptimizerSpecification(.sgd(.init(momentum: 0.9))),
            layout: shape.parameters
        )
        var counters = Optimizer.Counters()
        let workspace = try Workspace(
            network,
            target: target,
            rows: recorded.batch_size,
            hasGradients: true
        )
        let gap = zip(run.losses, run.double_losses).map { abs($0 - $1) }.max() ?? 0
        let tolerance = max(1e-5, 3 * gap)
        for (step, expected) in run.double_losses.enumerated() {
            recorded.fill(workspace.batch, step: step, features: shape.input.count)
            let weight = network.lossWeight(workspace, rows: recorded.batch_size)
            let sum = try network.forwardBackward(
                parameters,
                buffers: buffers,
                gradients: gradients,
                workspace,
                rows: recorded.batch_size,
                scale: 1 / weight,
                step: step,
                firstRow: 0,
                accumulating: false
            )
            #expect(abs(sum / weight - expected) < tolerance, "loss at step \(step)")
            _ = optimizer.update(
                parameters,
                gradients: gradients,
                Optimizer.Settings(rate: recorded.rate, peak: recorded.rate),
                &counters
            )
        }
    }
}

/// What `Golden/make_torch_models.py` wrote, and its formulas.
struct TorchModels: Decodable {
    struct Run: Decodable, CustomTestStringConvertible {
        let name: String
        let shape: [Int]
        let target: String
        let model: String
        let parameters: [String]
        let losses: [Double]
        let double_losses: [Double]

        var testDescription: String { name }
    }

    let rows: Int
    let batch_size: Int
    let rate: Double
    let classes: Int
    let values: Int
    let runs: [Run]

    func weight(_ tensor: Int, _ index: Int) -> Float {
        Float((index * 7_919 + tensor * 104_729) % 1_009 - 504) / 2_048
    }

    /// Fills in the rows, labels and values of update `step`.
    func fill(_ batch: BatchMemory, step: Int, features: Int) {
        for place in 0..<batch_size {
            let row = step * batch_size % rows + place
            for index in 0..<features {
                let number = (row * 331 + index * 173 + row * index * 71) % 997 - 498
                batch.features[place * features + index] = Float(number) / 256
            }
            batch.labels[place] = Int32((row * 7 + row / 5) % classes)
            guard case .values(let count) = batch.target else { continue }
            for index in 0..<count {
                batch.targets[place * count + index] = Float((row * 5 + index * 3) % 13 - 6) / 4
            }
        }
    }

    static let recorded: TorchModels = {
        do {
            let file = Bundle.module.url(
                forResource: "torch_models",
                withExtension: "json",
                subdirectory: "Golden"
            )
            return try JSONDecoder().decode(
                TorchModels.self,
                from: Data(contentsOf: #require(file))
            )
        } catch {
            fatalError("Golden/torch_models.json cannot be read: \(error)")
        }
    }()
}
