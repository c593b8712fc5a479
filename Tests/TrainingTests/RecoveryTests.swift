import Testing
import TrainingAPI

@testable import Datasets
@testable import Training

/// Batches whose loss is not finite: what is passed over, and what is gone back to.
@Suite struct RecoveryTests {
    /// 40 rows in batches of 10, of which the row at `poison` is no number.
    private static func dataset(poison: Int? = 25) -> Dataset {
        let stream = RandomStream(seed: 3, purpose: .synthesis)
        var features = (0..<160).map { Float(stream.normal(step: 0, index: $0)) }
        if let poison { features[poison * 4] = .nan }
        return smallDataset(
            features: features,
            labels: (0..<40).map { Int32($0 % 3) },
            classes: 3
        )
    }

    private static func session(
        _ policy: NonFinitePolicy,
        optimizer: OptimizerSpecification = .adam(.init(weightDecay: 0)),
        batchNorm: Bool = true,
        poison: Int? = 25
    ) throws -> TrainingSession {
        var optimizer = optimizer
        optimizer.average = WeightAverage(decay: 0.9)
        var plan = TrainingPlan(
            dataset: DatasetSpecification(name: "small", validation: .none, normalize: .none),
            model: .mlp(.init(hidden: [8], batchNorm: batchNorm)),
            optimizer: optimizer,
            batchSize: 10,
            shuffle: false
        )
        plan.onNonFinite = policy
        return try TrainingSession(plan, dataset: dataset(poison: poison))
    }

    /// Every float that an update changes for good.
    private static func bits(_ session: TrainingSession) -> [UInt32] {
        session.trained.flatMap { array in
            (0..<array.count).map { array.elements[$0].bitPattern }
        }
    }

    @Test func `fails at the batch, before its update`() throws {
        let session = try Self.session(.fail)
        for _ in 0..<2 { _ = try session.update(rate: 0.01) }
        let before = Self.bits(session)
        let error = #expect(throws: TrainingError.self) { try session.update(rate: 0.01) }
        guard case .diverged(2, 0.01, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(Self.bits(session) == before)
    }

    @Test func `passes over the batch, and leaves everything else as it was`() throws {
        let session = try Self.session(.skipStep, batchNorm: false)
        for _ in 0..<2 { _ = try session.update(rate: 0.01) }
        let before = Self.bits(session)
        let counters = session.counters.optimizer
        let error = TrainingError.overflowed(step: 2, rate: 0.01)
        try session.passOver(error, failures: 1)
        #expect(Self.bits(session) == before)
        #expect(session.counters.optimizer == counters)
        #expect(session.step == 2)
        #expect(session.skippedBatches == 1)
    }

    @Test func `makes the update of the next batch in the poisoned one's place`() throws {
        let session = try Self.session(.skipStep)
        let whole = try Self.session(.skipStep, poison: nil)
        for _ in 0..<2 { _ = try (session.update(rate: 0.01), whole.update(rate: 0.01)) }
        // The clean run is told to leave out the third batch too.
        whole.counters.skippedBatches = 1
        for _ in 0..<2 {
            #expect(try session.update(rate: 0.01) == whole.update(rate: 0.01))
        }
        #expect(Self.bits(session) == Self.bits(whole))
        #expect(session.skippedBatches == 1)
        // An epoch has four batches, so that each later one has the poisoned batch again.
        for _ in 0..<3 { _ = try session.update(rate: 0.01) }
        #expect(session.step == 7)
        #expect(session.skippedBatches == 2)
    }

    @Test func `gives up where no batch of an epoch makes an update`() throws {
        let session = try Self.session(.skipStep)
        session.setParameters(session.parameterValues.map { _ in .nan })
        #expect(throws: TrainingError.notSkippable(step: 0, batches: 4)) {
            try session.update(rate: 0.01)
        }
    }

    @Test func `goes back to the prepared state, and on with the next batch`() throws {
        let session = try Self.session(.rollback)
        _ = try session.update(rate: 0.01)
        try session.prepareRollback()
        let prepared = (Self.bits(session), session.counters.optimizer)
        _ = try session.update(rate: 0.01)
        let other = try Self.session(.rollback)
        _ = try other.update(rate: 0.01)
        other.counters.step = 2
        other.counters.skippedBatches = 1
        // The third update goes on from the first, with the fourth batch.
        #expect(try session.update(rate: 0.01) == other.update(rate: 0.01))
        #expect(Self.bits(session) == Self.bits(other))
        #expect(prepared.1.updates == 1)
        #expect(session.counters.optimizer.updates == 2)
        #expect((session.step, session.rollbacks, session.skippedBatches) == (3, 1, 1))
    }

    @Test func `fails at the fourth return to one state`() throws {
        let session = try Self.session(.rollback)
        for _ in 0..<3 { try session.rollBack() }
        #expect(throws: TrainingError.notRecoverable(step: 0, rollbacks: 3)) {
            try session.rollBack()
        }
        _ = try session.update(rate: 0.01)
        try session.prepareRollback()
        try session.rollBack()
        #expect(session.rollbacks == 4)
    }

    @Test func `prepares no return to weights that are not finite`() throws {
        let session = try Self.session(.rollback)
        let before = Self.bits(session)
        session.setParameters(session.parameterValues.map { _ in .nan })
        try session.prepareRollback()
        #expect(Self.bits(session) == before)
        #expect(session.rollbacks == 1)
    }

    @Test(arguments: [NonFinitePolicy.skipStep, .rollback])
    func `resumes with the batches that were passed over`(policy: NonFinitePolicy) throws {
        func losses(_ session: TrainingSession, through end: Int) throws -> [UInt64] {
            var losses: [UInt64] = []
            while session.step < end {
                losses.append(try session.update(rate: 0.01).loss.bitPattern)
                if session.step.isMultiple(of: 5) { try session.prepareRollback() }
            }
            return losses
        }
        let whole = try Self.session(policy)
        _ = try losses(whole, through: 7)
        let state = try whole.captureState()
        let rest = try losses(whole, through: 20)
        let resumed = try Self.session(policy)
        try resumed.restore(state)
        #expect(try losses(resumed, through: 20) == rest)
        #expect(Self.bits(resumed) == Self.bits(whole))
        #expect(resumed.counters == whole.counters)
    }
}
