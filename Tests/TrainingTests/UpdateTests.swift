import Foundation
import Testing
import TrainingAPI

@testable import Datasets
@testable import Training

/// What is done around an update: limits, accumulation, averages, recoveries.
@Suite struct UpdateTests {
    private static let spirals = TrainingSessionTests.spirals

    private static func session(
        _ optimizer: OptimizerSpecification = .sgd(.init()),
        dataset: Dataset = spirals,
        change: (inout TrainingPlan) -> Void = { _ in }
    ) throws -> TrainingSession {
        try TrainingSession(
            TrainingSessionTests.plan(optimizer: optimizer, change: change),
            dataset: dataset
        )
    }

    @Test(arguments: [1, 2, 5])
    func `makes the same update of several batches as of one, but for rounding`(parts: Int) throws {
        let whole = try Self.session { $0.batchSize = 120 }
        let cut = try Self.session {
            $0.batchSize = 120 / parts
            $0.gradientAccumulation = parts
        }
        #expect(cut.stepsPerEpoch == whole.stepsPerEpoch)
        for step in 0..<2 * whole.stepsPerEpoch {
            let (one, other) = try (whole.update(rate: 0.02), cut.update(rate: 0.02))
            #expect(one.rows == other.rows)
            // Sums of some hundred floats in another order, over two epochs.
            #expect(abs(one.loss - other.loss) < 1e-4, "step \(step)")
        }
    }

    @Test(arguments: [0.01, 0.3, 1e6])
    func `clips to a norm that the gradient then does not exceed`(limit: Double) throws {
        var optimizer = OptimizerSpecification.sgd(.init(momentum: 0))
        optimizer.gradientClip = .norm(limit)
        let session = try Self.session(optimizer)
        for _ in 0..<30 {
            let before = session.parameterValues
            let result = try session.update(rate: 1)
            let moved = zip(before, session.parameterValues).map { Double($0 - $1) }
            let norm = moved.reduce(0) { $0 + $1 * $1 }.squareRoot()
            // The update is the clipped gradient; weights of about 1 round it by 6e-8 each.
            #expect(norm <= limit + 1e-5)
            #expect(abs(norm - min(limit, result.gradientNorm)) < 1e-4)
        }
    }

    @Test func `clips to a value that no number of the gradient then exceeds`() throws {
        var optimizer = OptimizerSpecification.sgd(.init(momentum: 0))
        optimizer.gradientClip = .value(0.005)
        let session = try Self.session(optimizer)
        let free = try Self.session(.sgd(.init(momentum: 0)))
        #expect(try session.update(rate: 0).gradientNorm == free.update(rate: 0).gradientNorm)
        #expect(session.gradientValues.allSatisfy { abs($0) <= 0.005 })
        #expect(session.gradientValues.contains { abs($0) == 0.005 })
    }

    @Test func `tells the size of an update by the weights before it`() throws {
        let session = try Self.session(.adamw(.init(weightDecay: 0.1)))
        for step in 0..<40 {
            let before = session.parameterValues.map(Double.init)
            guard let ratio = try session.update(rate: 0.01).updateToWeightRatio else {
                #expect(!step.isMultiple(of: 16))
                continue
            }
            #expect(step.isMultiple(of: 16))
            let changes = zip(before, session.parameterValues).map { $0 - Double($1) }
            let expected =
                (changes.reduce(0) { $0 + $1 * $1 } / before.reduce(0) { $0 + $1 * $1 })
                .squareRoot()
            #expect(abs(ratio - expected) < 1e-4 * expected)
        }
    }

    @Test func `averages the weights as its formula says, and tests with the average`() throws {
        var optimizer = OptimizerSpecification.sgd(.init())
        optimizer.average = WeightAverage(decay: 0.75)
        let session = try Self.session(optimizer)
        let plain = try Self.session()
        var expected: [Float] = []
        for step in 0..<25 {
            _ = try session.update(rate: 0.1)
            _ = try plain.update(rate: 0.1)
            let weights = session.parameterValues
            expected =
                step == 0 ? weights : zip(expected, weights).map { $0 + ($1 - $0) * 0.25 }
        }
        #expect(session.parameterValues == plain.parameterValues, "the training is the same")
        let average = try #require(session.average)
        let places = session.shape.parameters.tensors.flatMap(\.range)
        #expect(places.map { average.elements[$0] } == expected)
        plain.setParameters(expected)
        #expect(try session.evaluateTest() == plain.evaluateTest())
    }

    @Test func `tests with the weights where the average is only kept`() throws {
        var optimizer = OptimizerSpecification.sgd(.init())
        optimizer.average = WeightAverage(decay: 0.9, evaluate: false)
        let session = try Self.session(optimizer)
        let plain = try Self.session()
        for _ in 0..<10 { _ = try (session.update(rate: 0.1), plain.update(rate: 0.1)) }
        #expect(try session.evaluateTest() == plain.evaluateTest())
    }

    @Test func `restores the best weights, and they are the average then`() throws {
        var optimizer = OptimizerSpecification.sgd(.init())
        optimizer.average = WeightAverage(decay: 0.9)
        let session = try Self.session(optimizer)
        for _ in 0..<10 { _ = try session.update(rate: 0.1) }
        session.keepBest()
        let best = try session.evaluateTest()
        for _ in 0..<10 { _ = try session.update(rate: 0.1) }
        #expect(try session.evaluateTest() != best)
        session.restoreBest()
        #expect(try session.evaluateTest() == best)
    }
}
