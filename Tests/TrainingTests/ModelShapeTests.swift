import Testing
import Training
import TrainingAPI

@Suite struct ModelShapeTests {
    @Test(arguments: [
        (model: ModelSpecification.softmax, parameters: 7_850),
        (.mlp(.init()), 235_146),
        (.mlp(.init(hidden: [])), 7_850),
    ])
    func `counts weights and biases`(model: ModelSpecification, parameters: Int) throws {
        let shape = try ModelShape(model, input: .flat(784), outputs: 10)
        #expect(shape.parameterCount == parameters)
    }

    /// 235,146 parameters; a batch has 784 features, 256, 128 and 10 values, as many gradients but
    /// the last, and a label per row; evaluation the same without gradients.
    @Test(arguments: [
        // Weights, gradients, best weights and velocities; all but the gradients twice more for the
        // checkpoints on their way; eight for what leaves.
        (optimizer: OptimizerSpecification.sgd(.init()), copies: 4 + 2 * 3 + 8),
        (.adam(.init(weightDecay: 0)), 5 + 2 * 4 + 8),
        (.adamw(.init(weightDecay: 0.01)), 5 + 2 * 4 + 8),
    ])
    func `estimates what a training takes`(optimizer: OptimizerSpecification, copies: Int) throws {
        let estimate = try ModelShape(.mlp(.init()), input: .flat(784), outputs: 10)
            .memoryEstimate(batchSize: 128, evaluationBatchSize: 1_024, optimizer: optimizer)
        let floats =
            copies * 235_146 + 128 * (784 + 2 * 256 + 2 * 128 + 10 + 1)
            + 1_024 * (784 + 256 + 128 + 10 + 1)
        #expect(estimate >= 4 * floats)
        #expect(Double(estimate) < 4.1 * Double(floats), "alignment takes next to nothing")
    }
}
