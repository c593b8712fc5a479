import Datasets
import Foundation
import Testing
import TrainingAPI

@testable import Training

@Suite struct OptimizerRunTests {
    /// The tolerance is three times the gap between torch's own single and double precision on the
    /// run, and at least 1e-5; so too for the loss over all rows at the end, at the averaged weights
    /// where there are such.
    @Test(arguments: OptimizerRuns.recorded.runs)
    func `goes the way torch goes over 50 updates`(run: OptimizerRuns.Run) throws {
        let session = try run.session()
        let tolerance = max(1e-5, 3 * run.gap)
        for (step, loss) in run.doubleLosses.enumerated() {
            let grant = run.grant(step: step)
            let result = try session.update(rate: grant.rate, momentum: grant.momentum)
            #expect(abs(result.loss - loss) < tolerance, "loss at step \(step)")
            let norm = run.gradientNorms[step]
            #expect(abs(result.gradientNorm - norm) < 1e-4 * norm, "norm at step \(step)")
        }
        let final = try #require(try session.evaluateTest())
        #expect(abs(final.loss - run.finalLoss) < tolerance)
    }

    @Test(arguments: OptimizerRuns.recorded.runs)
    func `gives the same bits three times`(run: OptimizerRuns.Run) throws {
        let bits = try (0..<3).map { _ in
            let session = try run.session()
            let losses = try (0..<20).map { step in
                let grant = run.grant(step: step)
                return try session.update(rate: grant.rate, momentum: grant.momentum).loss
            }
            return losses.map(\.bitPattern) + session.parameterValues.map { UInt64($0.bitPattern) }
        }
        #expect(bits[1] == bits[0])
        #expect(bits[2] == bits[0])
    }

    @Test(arguments: OptimizerRuns.recorded.runs, [1, 19])
    func `goes on bit for bit from a copied state`(run: OptimizerRuns.Run, step: Int) throws {
        func losses(_ session: TrainingSession, through end: Int) throws -> [UInt64] {
            try (session.step..<end).map { step in
                let grant = run.grant(step: step)
                return try session.update(rate: grant.rate, momentum: grant.momentum)
                    .loss.bitPattern
            }
        }
        let whole = try run.session()
        _ = try losses(whole, through: step)
        let state = try whole.captureState()
        let rest = try losses(whole, through: 30)
        let resumed = try run.session()
        try resumed.restore(state)
        #expect(try losses(resumed, through: 30) == rest)
        #expect(try resumed.evaluateTest() == whole.evaluateTest())
    }
}

/// What `Golden/make_optimizer_runs.py` wrote.
struct OptimizerRuns {
    struct Run: CustomTestStringConvertible {
        /// The settings as they were written.
        let testDescription: String
        let specification: OptimizerSpecification
        let accumulation: Int
        let rate: Double
        let isCycled: Bool
        /// The losses of each update, and the gradient norms before clipping, in double precision.
        let doubleLosses: [Double]
        let gradientNorms: [Double]
        /// The most by which single precision strays from double in torch.
        let gap: Double
        /// The loss over all rows after the last update.
        let finalLoss: Double

        /// The rate and momentum of a step, as the script sets them.
        func grant(step: Int) -> (rate: Double, momentum: Double?) {
            let share = Double(step) / Double(doubleLosses.count)
            if specification.weightDecayCoupling == .schedule { return (rate * (1 - share), nil) }
            guard isCycled else { return (rate, nil) }
            return (
                rate * (Double(step + 1) / Double(doubleLosses.count)), 0.95 - 0.1 * share
            )
        }

        /// A training from the recorded weights, whose test split is its training rows.
        func session() throws -> TrainingSession {
            let recorded = OptimizerRuns.recorded
            var plan = TrainingPlan(
                dataset: DatasetSpecification(name: "small", validation: .none, normalize: .none),
                model: .mlp(.init(hidden: recorded.hidden)),
                optimizer: specification,
                batchSize: recorded.batchSize,
                shuffle: false
            )
            plan.gradientAccumulation = accumulation
            plan.peakLearningRate = rate
            let dataset = smallDataset(
                features: recorded.features,
                labels: recorded.labels,
                classes: 4
            )
            let session = try TrainingSession(plan, dataset: dataset)
            session.setParameters(recorded.initial)
            return session
        }
    }

    let batchSize: Int
    let features: [Float]
    let labels: [Int32]
    let hidden: [Int]
    let initial: [Float]
    let runs: [Run]

    static let recorded: OptimizerRuns = {
        do {
            let file = Bundle.module.url(
                forResource: "optimizer_runs",
                withExtension: "json",
                subdirectory: "Golden"
            )
            let bytes = try Array(Data(contentsOf: #require(file)))
            return try #require(OptimizerRuns(JSONReader.read(bytes).document))
        } catch {
            fatalError("Golden/optimizer_runs.json cannot be read: \(error)")
        }
    }()

    private init?(_ document: Document) {
        guard let batchSize = document["batch_size"]?.integer,
            let features = document["features"]?.array, let labels = document["labels"]?.array,
            let hidden = document["hidden"]?.array, let initial = document["initial"]?.array,
            let runs = document["runs"]?.array
        else { return nil }
        self.batchSize = batchSize
        self.features = features.compactMap { $0.double.map(Float.init) }
        self.labels = labels.compactMap { $0.integer.map(Int32.init) }
        self.hidden = hidden.compactMap(\.integer)
        self.initial = initial.compactMap { $0.double.map(Float.init) }
        self.runs = runs.compactMap { Run($0) }
        guard self.runs.count == runs.count else { return nil }
    }
}

extension OptimizerRuns.Run {
    init?(_ document: Document) {
        guard let settings = document["optimizer"], let rate = settings["rate"]?.double,
            let losses = document["losses"]?.array?.compactMap(\.double),
            let doubleLosses = document["double_losses"]?.array?.compactMap(\.double),
            let norms = document["gradient_norms"]?.array?.compactMap(\.double),
            let final = document["final_losses"]?.array?.compactMap(\.double)
        else { return nil }
        // What a job says elsewhere is left aside, as are the script's own words.
        var context = DecodingContext(refusesUnknown: false)
        guard let specification = OptimizerSpecification(settings, at: .root, &context) else {
            return nil
        }
        self.specification = specification
        self.rate = rate
        self.doubleLosses = doubleLosses
        testDescription = String(decoding: settings.json(), as: UTF8.self)
        accumulation = settings["accumulation"]?.integer ?? 1
        isCycled = settings["cycled"]?.bool ?? false
        gradientNorms = norms
        let gaps = zip(losses, doubleLosses).map { abs($0 - $1) } + [abs(final[0] - final[1])]
        gap = gaps.max() ?? 0
        finalLoss = final[1]
    }
}
