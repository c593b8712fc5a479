import Datasets
import Foundation
import Testing
import TrainingAPI

@testable import Training

@Suite struct TorchRunTests {
    /// The tolerance is three times the gap between torch's own single and double precision on the
    /// run, and at least 1e-5.
    @Test(arguments: TorchRuns.recorded.runs)
    func `goes the way torch goes over 50 updates`(run: TorchRuns.Run) throws {
        let recorded = TorchRuns.recorded
        let plan = TrainingPlan(
            dataset: DatasetSpecification(name: "small", validation: .none, normalize: .none),
            model: run.model == "mlp" ? .mlp(.init(hidden: recorded.hidden)) : .softmax,
            optimizer: run.optimizer.specification,
            batchSize: recorded.batch_size,
            shuffle: false
        )
        let dataset = smallDataset(
            features: recorded.features,
            labels: recorded.labels,
            classes: 4
        )
        let session = try TrainingSession(plan, dataset: dataset)
        try session.setParameters(#require(recorded.initial[run.model]))

        let gap = zip(run.losses, run.double_losses).map { abs($0 - $1) }.max() ?? 0
        let tolerance = max(1e-5, 3 * gap)
        for (step, loss) in run.double_losses.enumerated() {
            let grant = run.optimizer.grant(step: step, of: run.losses.count)
            let result = try session.update(rate: grant.rate, momentum: grant.momentum)
            #expect(abs(result.loss - loss) < tolerance, "loss at step \(step)")
            let norm = run.gradient_norms[step]
            #expect(abs(result.gradientNorm - norm) < 1e-4 * norm, "norm at step \(step)")
        }
    }
}

/// What `Golden/make_torch_runs.py` wrote.
struct TorchRuns: Decodable {
    struct Run: Decodable, CustomTestStringConvertible {
        let model: String
        let optimizer: Settings
        let losses: [Double]
        let double_losses: [Double]
        let gradient_norms: [Double]

        var testDescription: String { "\(model) by \(optimizer)" }
    }

    struct Settings: Decodable {
        let type: String
        let rate: Double
        let momentum: Double?
        let nesterov: Bool?
        let weight_decay: Double?
        let beta1: Double?
        let beta2: Double?
        let epsilon: Double?
        let cycled: Bool?

        var specification: OptimizerSpecification {
            let adam = OptimizerSpecification.Adam(
                beta1: beta1 ?? 0.9,
                beta2: beta2 ?? 0.999,
                epsilon: epsilon ?? 1e-8,
                weightDecay: weight_decay ?? 0
            )
            switch type {
            case "adam": return .adam(adam)
            case "adamw": return .adamw(adam)
            default:
                return .sgd(
                    .init(
                        momentum: momentum ?? 0,
                        nesterov: nesterov ?? false,
                        weightDecay: weight_decay ?? 0
                    )
                )
            }
        }

        /// The rate and momentum of a step, as the script sets them.
        func grant(step: Int, of steps: Int) -> (rate: Double, momentum: Double?) {
            guard cycled == true else { return (rate, nil) }
            return (
                rate * (Double(step + 1) / Double(steps)),
                0.95 - 0.1 * Double(step) / Double(steps)
            )
        }
    }

    let batch_size: Int
    let features: [Float]
    let labels: [Int32]
    let hidden: [Int]
    let initial: [String: [Float]]
    let runs: [Run]

    static let recorded: TorchRuns = {
        do {
            let file = Bundle.module.url(
                forResource: "torch_runs",
                withExtension: "json",
                subdirectory: "Golden"
            )
            return try JSONDecoder().decode(
                TorchRuns.self,
                from: Data(contentsOf: #require(file))
            )
        } catch {
            fatalError("Golden/torch_runs.json cannot be read: \(error)")
        }
    }()
}
