import TrainingAPI

@testable import Datasets
@testable import Training

/// A training in which everything takes part that an update remembers or draws: momentum, averaged
/// weights, accumulation, clipping, dropout, batch normalization, augmentation and label noise.
enum FullPlan: String, CaseIterable, Sendable {
    case perceptron
    case convolutions

    static let images = randomImages(rows: 90, side: 8)

    private static var network: ModelSpecification.ConvolutionalNetwork {
        .init(channels: [4, 6], hidden: [16], dropout: 0.2, batchNorm: true)
    }

    /// 81 rows to train on in four updates an epoch, the last of one batch of 9.
    var plan: TrainingPlan {
        var optimizer = OptimizerSpecification.sgd(.init(nesterov: true))
        if self == .perceptron { optimizer = .adamw(.init(weightDecay: 0.01)) }
        optimizer.average = WeightAverage(decay: 0.9)
        optimizer.gradientClip = .norm(1)
        var plan = TrainingPlan(
            dataset: DatasetSpecification(
                name: "small",
                augmentation: augmentation,
                labelNoise: 0.1
            ),
            model: self == .convolutions
                ? .cnn(Self.network)
                : .mlp(.init(hidden: [16, 16], dropout: 0.2, batchNorm: true, residual: true)),
            optimizer: optimizer,
            batchSize: 12
        )
        plan.gradientAccumulation = 2
        plan.onNonFinite = .rollback
        return plan
    }

    /// The session of `plan`.
    func session() throws -> TrainingSession {
        try TrainingSession(plan, dataset: Self.images)
    }

    private var augmentation: AugmentationSpecification {
        .init(
            cropPadding: 1,
            flipProbability: 0.5,
            erasingProbability: 0.3,
            mixupAlpha: self == .convolutions ? 0.4 : nil
        )
    }
}

extension TrainingSession {
    /// The bits of every array on which later bits depend.
    var stateBits: [UInt32] {
        stateArrays(counters).flatMap { array in
            (0..<array.buffer.count).map { array.buffer.elements[$0].bitPattern }
        }
    }

    /// Trains through `end` as the loop around a session does, and returns the losses' bits.
    func run(through end: Int) throws -> [UInt64] {
        var losses: [UInt64] = []
        while step < end {
            let rate = 0.02 / Double(1 + step)
            losses.append(try update(rate: rate).loss.bitPattern)
            if step.isMultiple(of: stepsPerEpoch) {
                losses.append(try evaluateValidation()?.loss.bitPattern ?? 0)
                keepBest()
                try prepareRollback()
            }
        }
        return losses
    }
}
