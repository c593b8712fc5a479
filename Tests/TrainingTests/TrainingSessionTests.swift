import Datasets
import Foundation
import Testing
import TrainingAPI

@testable import Training

@Suite struct TrainingSessionTests {
    static func plan(model: ModelSpecification, optimizer: OptimizerSpecification) -> TrainingPlan {
        TrainingPlan(
            dataset: DatasetSpecification(name: "spirals"),
            model: model,
            optimizer: optimizer
        )
    }

    @Test func `learns spirals`() throws {
        let plan = Self.plan(
            model: .mlp(.init(hidden: [64, 32])),
            optimizer: .adam(.init(weightDecay: 0))
        )
        let session = try TrainingSession(plan, dataset: Spirals().make())
        for _ in 0..<40 * session.stepsPerEpoch { _ = try session.update(rate: 0.01) }
        let validation = try #require(try session.evaluateValidation())
        #expect(validation.accuracy > 0.9, "\(validation)")
    }
}
