import Testing
import TrainingAPI

@testable import Datasets
@testable import Training

@Suite struct TrainingStateTests {
    static let plans: [TrainingPlan] = [
        TrainingSessionTests.plan(),
        TrainingSessionTests.plan(optimizer: .sgd(.init(momentum: 0))),
        TrainingSessionTests.plan(optimizer: .sgd(.init(nesterov: true))),
        TrainingSessionTests.plan(optimizer: .adam(.init(weightDecay: 0))),
        TrainingSessionTests.plan(optimizer: .adamw(.init(weightDecay: 0.01))),
        TrainingSessionTests.plan { $0.model = .softmax },
        TrainingSessionTests.plan { $0.dropLast = true },
    ]

    /// The places of resumes, in the first epochs of 22 steps.
    static let steps = [0, 1, 21, 22, 37]

    @Test(arguments: plans, steps)
    func `goes on bit for bit from a copied state`(plan: TrainingPlan, step: Int) throws {
        func run(_ session: TrainingSession, through end: Int) throws -> [UInt64] {
            var bits: [UInt64] = []
            while session.step < end {
                let rate = 0.05 / Double(1 + session.step)
                bits.append(try session.update(rate: rate).loss.bitPattern)
                if session.step.isMultiple(of: 10) { session.keepBest() }
            }
            return bits
        }
        let data = TrainingSessionTests.spirals
        let whole = try TrainingSession(plan, dataset: data)
        _ = try run(whole, through: step)
        let state = try whole.captureState()
        let rest = try run(whole, through: 50)

        let resumed = try TrainingSession(plan, dataset: data)
        // What was there before must not show through.
        _ = try run(resumed, through: 13)
        try resumed.restore(state)
        #expect(resumed.step == step)
        #expect(try run(resumed, through: 50) == rest)
        #expect(resumed.parameterValues == whole.parameterValues)
        #expect(try resumed.evaluateTestAtBest() == whole.evaluateTestAtBest())
    }

    @Test(arguments: [
        (
            plan: TrainingSessionTests.plan { $0.model = .mlp(.init(hidden: [32, 17])) },
            says: "the checkpoint has model.2.weight of shape [16, 32], not [17, 32]"
        ),
        (
            TrainingSessionTests.plan(optimizer: .adam(.init(weightDecay: 0))),
            "the checkpoint has no optimizer.1.0.weight"
        ),
        (
            TrainingSessionTests.plan { $0.model = .mlp(.init(hidden: [32])) },
            "the checkpoint has model.2.weight of shape [16, 32], not [3, 32]"
        ),
    ])
    func `refuses the state of another training`(plan: TrainingPlan, says: String) throws {
        let data = TrainingSessionTests.spirals
        let state = try TrainingSession(TrainingSessionTests.plan(), dataset: data).captureState()
        let other = try TrainingSession(plan, dataset: data)
        let before = other.parameterValues
        let error = #expect(throws: TrainingError.self) { try other.restore(state) }
        #expect(error?.description == says)
        #expect(other.parameterValues == before)
    }
}
