import Foundation
import Testing
import TrainingAPI

@testable import Datasets
@testable import Training

@Suite struct TrainingSessionTests {
    static let spirals = Spirals().make()

    static func plan(
        optimizer: OptimizerSpecification = .sgd(.init()),
        change: (inout TrainingPlan) -> Void = { _ in }
    ) -> TrainingPlan {
        var plan = TrainingPlan(
            dataset: DatasetSpecification(name: "spirals"),
            model: .mlp(.init(hidden: [32, 16])),
            optimizer: optimizer
        )
        change(&plan)
        return plan
    }

    @Test func `learns what a linear model cannot`() throws {
        let adam = OptimizerSpecification.adam(.init(weightDecay: 0))
        let linear = try TrainingSession(
            Self.plan(optimizer: adam) { $0.model = .softmax },
            dataset: Self.spirals
        )
        let deep = try TrainingSession(Self.plan(optimizer: adam), dataset: Self.spirals)
        for _ in 0..<30 * deep.stepsPerEpoch {
            _ = try linear.update(rate: 0.01)
            _ = try deep.update(rate: 0.01)
        }
        #expect(try #require(try linear.evaluateValidation()?.accuracy) < 0.7)
        #expect(try #require(try deep.evaluateValidation()?.accuracy) > 0.9)
    }

    @Test func `reaches on Fashion-MNIST what such a model reaches in an epoch`() throws {
        let cache = FileManager.default.temporaryDirectory.appending(path: "lehr-training-tests")
        let dataset = try DatasetCatalogue(cache: cache.path).dataset(named: "fashion-mnist")
        let plan = TrainingPlan(
            dataset: DatasetSpecification(name: "fashion-mnist"),
            model: .mlp(.init()),
            optimizer: .sgd(.init())
        )
        let session = try TrainingSession(plan, dataset: dataset)
        #expect(session.stepsPerEpoch == 422)
        #expect(session.rowCounts == .init(training: 54_000, validation: 6_000, test: 10_000))
        for _ in 0..<session.stepsPerEpoch { _ = try session.update(rate: 0.05) }
        #expect(try #require(try session.evaluateValidation()?.accuracy) > 0.8)
        #expect(try #require(try session.evaluateTest()?.accuracy) > 0.8)
    }

    @Test func `gives the same bits to the same plan, beside another or alone`() async throws {
        @Sendable func train(_ plan: TrainingPlan) throws -> [UInt32] {
            let session = try TrainingSession(plan, dataset: Self.spirals)
            let losses = try (0..<50).map { _ in try session.update(rate: 0.05).loss }
            let bits = losses.map { Float($0).bitPattern }
            return bits + session.parameterValues.map(\.bitPattern)
        }
        let alone = try train(Self.plan())
        async let first = train(Self.plan())
        async let second = train(Self.plan())
        #expect(try await first == alone)
        #expect(try await second == alone)
        #expect(try train(Self.plan { $0.seeds.order = 1 }) != alone)
        #expect(try train(Self.plan { $0.seeds.initial = 1 }) != alone)
        #expect(try train(Self.plan { $0.shuffle = false }) != alone)
    }

    @Test func `draws initial weights within torch's bounds`() throws {
        let session = try TrainingSession(Self.plan(), dataset: Self.spirals)
        var values = session.parameterValues[...]
        let tensors = session.shape.parameters.tensors
        for weight in tensors where weight.role == .weight {
            let count = tensors.filter { $0.depth == weight.depth }.map(\.count).reduce(0, +)
            let drawn = values.prefix(count)
            values = values.dropFirst(count)
            let bound = 1 / Float(weight.fanIn).squareRoot()
            #expect(drawn.allSatisfy { abs($0) <= bound })
            // Uniform: the mean square is a third of the bound's, within four standard errors.
            let square = drawn.reduce(0) { $0 + $1 * $1 } / Float(drawn.count)
            let error = 4 * (4 / 45 / Float(drawn.count)).squareRoot()
            #expect(abs(square / (bound * bound) - 1 / 3) < error)
        }
    }

    @Test(arguments: [1, 7, 600, 100_000])
    func `evaluates the same whatever the evaluation batch`(size: Int) throws {
        let usual = try TrainingSession(Self.plan(), dataset: Self.spirals)
        let other = try TrainingSession(
            Self.plan { $0.evaluationBatchSize = size },
            dataset: Self.spirals
        )
        for _ in 0..<10 {
            _ = try usual.update(rate: 0.1)
            _ = try other.update(rate: 0.1)
        }
        let (one, two) = try (usual.evaluateTest(), other.evaluateTest())
        let (expected, found) = try (#require(one), #require(two))
        #expect(found.accuracy == expected.accuracy)
        // A row's logits may differ in their last bits with the shape of the matrix product.
        #expect(abs(found.loss - expected.loss) < 1e-6)
        #expect(found.rows == 600)
    }

    @Test func `evaluates without changing the training`() throws {
        let one = try TrainingSession(Self.plan(), dataset: Self.spirals)
        let other = try TrainingSession(Self.plan(), dataset: Self.spirals)
        for _ in 0..<5 {
            _ = try one.update(rate: 0.1)
            _ = try other.update(rate: 0.1)
            _ = try other.evaluateValidation()
            other.keepBest()
        }
        #expect(one.parameterValues == other.parameterValues)
    }

    @Test func `tests at the weights that were kept`() throws {
        let session = try TrainingSession(Self.plan(), dataset: Self.spirals)
        #expect(try session.evaluateTestAtBest() == nil)
        for _ in 0..<20 { _ = try session.update(rate: 0.1) }
        let kept = try session.evaluateTest()
        session.keepBest()
        for _ in 0..<20 { _ = try session.update(rate: 0.1) }
        #expect(try session.evaluateTestAtBest() == kept)
        #expect(try session.evaluateTest() != kept)
    }

    @Test func `keeps a last partial batch unless it is to be dropped`() throws {
        let kept = try TrainingSession(Self.plan(), dataset: Self.spirals)
        // 2,700 rows are 21 batches of 128 and one of 12.
        #expect(kept.stepsPerEpoch == 22)
        let rows = try (0..<23).map { _ in try kept.update(rate: 0.1).rows }
        #expect(rows == Array(repeating: 128, count: 21) + [12, 128])
        #expect(kept.step == 23)
        let dropped = try TrainingSession(Self.plan { $0.dropLast = true }, dataset: Self.spirals)
        #expect(dropped.stepsPerEpoch == 21)
    }

    @Test func `validates on nothing where nothing is set aside`() throws {
        let plan = Self.plan { $0.dataset.validation = .none }
        let session = try TrainingSession(plan, dataset: Self.spirals)
        #expect(try session.evaluateValidation() == nil)
        #expect(session.rowCounts == .init(training: 3_000, validation: 0, test: 600))
    }

    @Test(arguments: [
        OptimizerSpecification.sgd(.init()),
        .sgd(.init(momentum: 0)),
        .adam(.init(weightDecay: 0)),
        .adamw(.init(weightDecay: 0.01)),
    ])
    func `names step and rate where the loss is no longer finite`(
        optimizer: OptimizerSpecification
    ) throws {
        let session = try TrainingSession(Self.plan(optimizer: optimizer), dataset: Self.spirals)
        _ = try session.update(rate: 0.1)
        let error = #expect(throws: TrainingError.self) {
            for _ in 0..<20 { _ = try session.update(rate: 1e30) }
        }
        guard case .diverged(let step, 1e30, let loss) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(!loss.isFinite)
        #expect(step == session.step, "the update was not made")
        #expect(error?.description.contains("at step \(step), learning rate 1e+30") == true)
    }

    @Test(arguments: [
        (
            plan: plan { $0.batchSize = 2_701 },
            says: "batch_size 2701 is larger than the 2700 training rows, and drop_last"
        ),
        (plan { $0.batchSize = 0 }, "batch_size must be at least 1, got 0"),
        (plan { $0.evaluationBatchSize = 0 }, "evaluation_batch_size must be at least 1, got 0"),
        (
            plan { $0.dataset.validation = .split("test") },
            "dataset.validation.split cannot be 'test': spirals offers 'validation'"
        ),
        (
            plan { $0.dataset.normalize = .fixed(mean: [1, 2, 3], std: [1]) },
            "dataset.normalize.mean needs 1 value or one for each of the 2 columns"
        ),
    ])
    func `refuses a plan that does not fit the data`(plan: TrainingPlan, says: String) {
        var plan = plan
        plan.dropLast = true
        let error = #expect(throws: TrainingError.self) {
            try TrainingSession(plan, dataset: Self.spirals)
        }
        #expect(error?.description.contains(says) == true, "\(error?.description ?? "")")
    }
}
