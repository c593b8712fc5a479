import Testing
import TrainingAPI

@testable import TrainingWorker

@Suite struct EarlyStoppingTests {
    struct Case: Sendable {
        let values: [Double]
        let patience: Int
        var delta = 0.0
        /// The 1-based validation that ends the run.
        let stopsAt: Int?
    }

    static let cases = [
        Case(values: [3, 2, 1, 0.5], patience: 1, stopsAt: nil),
        Case(values: [1, 1], patience: 1, stopsAt: 2),
        Case(values: [1, 2, 0.5, 2, 2], patience: 2, stopsAt: 5),
        Case(values: [1, 2, 2, 0.5, 2, 2, 2], patience: 3, stopsAt: 7),
        Case(values: [1, 0.95, 0.8, 0.75], patience: 2, delta: 0.1, stopsAt: nil),
        Case(values: [1, 0.95, 0.9, 0.9], patience: 3, delta: 0.1, stopsAt: 4),
        Case(values: [.nan, .nan, 1], patience: 3, stopsAt: nil),
        Case(values: [.nan, .nan], patience: 2, stopsAt: 2),
        Case(values: [1, .infinity, .nan], patience: 2, stopsAt: 3),
    ]

    @Test(arguments: cases)
    func `ends at the validation that patience counts to`(row: Case) {
        for mode in EvaluationSpecification.Mode.allCases {
            let sign = mode == .minimize ? 1.0 : -1
            let rule = EarlyStoppingSpecification(
                mode: mode,
                patience: row.patience,
                minimumDelta: row.delta
            )
            var counts = EarlyStopping()
            let stop = row.values.enumerated().first { place, value in
                counts.report(sign * value, at: 10 * (place + 1), rule: rule)
            }
            #expect(stop.map { $0.offset + 1 } == row.stopsAt)
        }
    }

    @Test func `counts no value that is not known yet`() {
        var counts = EarlyStopping()
        let ends = counts.report(nil, at: 1, rule: EarlyStoppingSpecification(patience: 1))
        #expect(!ends)
        #expect(counts == EarlyStopping())
    }

    @Test func `says which value was not improved on`() {
        let rule = EarlyStoppingSpecification(patience: 2)
        var counts = EarlyStopping()
        for (step, value) in [(10, 0.5), (20, 0.25), (30, 0.5), (40, 0.5)] {
            _ = counts.report(value, at: step, rule: rule)
        }
        #expect(
            counts.reason(rule)
                == "validation_loss did not improve on 0.25 of step 20 in 2 validations in a row"
        )
    }
}
