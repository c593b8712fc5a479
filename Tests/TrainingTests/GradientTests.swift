import Foundation
import Testing
import TrainingAPI

@testable import Datasets
@testable import Training

@Suite struct GradientTests {
    /// Sizes on both sides of the sixteen values that kernels take at a time.
    @Test(arguments: [
        (rows: 7, columns: 5, hidden: [] as [Int], classes: 3),
        (16, 4, [], 17),
        (33, 2, [], 2),
        (7, 5, [3], 3),
        (17, 19, [18, 7], 4),
        (32, 3, [16, 5, 33], 5),
        (1, 3, [4], 2),
    ])
    func `is the slope of the loss in every parameter`(
        rows: Int,
        columns: Int,
        hidden: [Int],
        classes: Int
    ) throws {
        let dataset = randomDataset(rows: rows, columns: columns, classes: classes)
        let plan = TrainingPlan(
            dataset: DatasetSpecification(name: "small", validation: .none, normalize: .none),
            model: hidden.isEmpty ? .softmax : .mlp(.init(hidden: hidden)),
            optimizer: .sgd(.init(momentum: 0)),
            batchSize: rows,
            shuffle: false
        )
        let session = try TrainingSession(plan, dataset: dataset)
        let reference = DoublePerceptron(dataset, widths: [columns] + hidden + [classes])
        var parameters = session.parameterValues.map(Double.init)
        let result = try session.update(rate: 0)
        // Both compute the same sum; the difference is the engine's rounding to floats.
        #expect(abs(result.loss - reference.loss(parameters)) < 1e-6)

        var squares = 0.0
        for (index, gradient) in session.gradientValues.enumerated() {
            let (value, reach) = (parameters[index], 1e-6)
            parameters[index] = value + reach
            let above = reference.loss(parameters)
            parameters[index] = value - reach
            let below = reference.loss(parameters)
            parameters[index] = value
            let slope = (above - below) / (2 * reach)
            // The quotient of doubles is good to 1e-9, the engine's floats to a few 1e-7.
            #expect(abs(Double(gradient) - slope) < 2e-6, "parameter \(index)")
            squares += slope * slope
        }
        #expect(abs(result.gradientNorm - squares.squareRoot()) < 2e-6)
    }

    @Test func `is the same on every row count of a kernel's last lanes`() throws {
        // A row more in the batch must not touch what other rows give: the sum of the gradients of
        // two parts, weighted by their rows, is the gradient of the whole.
        let dataset = randomDataset(rows: 23, columns: 4, classes: 3)
        let whole = try gradient(of: dataset, batchSize: 23, updates: 1)
        for size in 12..<23 {
            let parts = try gradient(of: dataset, batchSize: size, updates: 2)
            for index in whole[0].indices {
                let (first, second) = (parts[0][index], parts[1][index])
                let mean = (first * Float(size) + second * Float(23 - size)) / 23
                #expect(abs(mean - whole[0][index]) < 1e-6)
            }
        }
    }

    private func gradient(
        of dataset: Dataset,
        batchSize: Int,
        updates: Int
    ) throws -> [[Float]] {
        let plan = TrainingPlan(
            dataset: DatasetSpecification(name: "small", validation: .none, normalize: .none),
            model: .mlp(.init(hidden: [6])),
            optimizer: .sgd(.init()),
            batchSize: batchSize,
            shuffle: false
        )
        let session = try TrainingSession(plan, dataset: dataset)
        return try (0..<updates).map { _ in
            _ = try session.update(rate: 0)
            return session.gradientValues
        }
    }
}

/// The loss in doubles, by the definitions and nothing else.
private struct DoublePerceptron {
    let features: [[Double]]
    let labels: [Int]
    let widths: [Int]

    init(_ dataset: Dataset, widths: [Int]) {
        let rows = dataset.description.splits[0].rows
        let columns = dataset.description.features
        self.widths = widths
        (features, labels) = withExtendedLifetime(dataset) {
            guard case .floats(let values) = dataset.splits[0].features else { return ([], []) }
            return (
                (0..<rows).map { row in
                    (0..<columns).map { Double(values[row * columns + $0]) }
                },
                (0..<rows).map { Int(label($0, ofSplit: 0, of: dataset)) }
            )
        }
    }

    func loss(_ parameters: [Double]) -> Double {
        let losses = zip(features, labels).map { features, label in
            var (values, start) = (features, 0)
            for (inputs, outputs) in zip(widths, widths.dropFirst()) {
                let biases = start + inputs * outputs
                let sums = (0..<outputs).map { output in
                    (0..<inputs).reduce(parameters[biases + output]) {
                        $0 + parameters[start + output * inputs + $1] * values[$1]
                    }
                }
                start = biases + outputs
                values = start == parameters.count ? sums : sums.map { max(0, $0) }
            }
            return log(values.map(exp).reduce(0, +)) - values[label]
        }
        return losses.reduce(0, +) / Double(losses.count)
    }
}
