package import TrainingAPI

/// What a model is made of once the data's shape is known, and what it will take in memory.
package struct ModelShape: Hashable, Sendable {
    /// A linear layer's size.
    package struct Linear: Hashable, Sendable {
        /// The values that come in.
        package let inputs: Int
        /// The values that go out.
        package let outputs: Int

        /// The number of weights and biases.
        package var parameterCount: Int { inputs * outputs + outputs }
    }

    /// The linear layers from the features to the classes, a ReLU between each two.
    package let layers: [Linear]

    /// Works out the layers of `model` between `features` and `classes`, each at least 1.
    package init(features: Int, classes: Int, model: ModelSpecification) {
        let widths: [Int]
        switch model {
        case .softmax:
            widths = [features, classes]
        case .mlp(let perceptron):
            widths = [features] + perceptron.hidden + [classes]
        }
        layers = zip(widths, widths.dropFirst()).map { Linear(inputs: $0, outputs: $1) }
    }

    /// The number of weights and biases.
    package var parameterCount: Int { layers.map(\.parameterCount).reduce(0, +) }

    /// What a training takes for parameters, optimizer and batches, in bytes; the data's own file
    /// is mapped and shared, and not counted.
    ///
    /// An upper bound but for what the process has anyway and oneDNN's own buffers, a few MiB.
    package func memoryEstimate(
        batchSize: Int,
        evaluationBatchSize: Int,
        optimizer: OptimizerSpecification
    ) -> Int {
        let padded = ParameterLayout(self).count
        // Weights, gradients, the best weights, and the optimizer's own.
        let parameters = padded * (3 + Optimizer.slotCount(of: optimizer))
        let batch = Workspace.floatCount(of: self, rows: batchSize, hasGradients: true)
        let evaluation = Workspace.floatCount(
            of: self,
            rows: evaluationBatchSize,
            hasGradients: false
        )
        return (parameters + batch + evaluation) * MemoryLayout<Float>.stride
    }
}
