import Schedules
import Testing
import TrainingAPI

@testable import lehr

@Suite struct RateTableTests {
    @Test func `writes rates that read back to the same doubles`() throws {
        let rates = try RateFunction(
            Schedule(curve: .cosine(), learningRate: 0.1),
            run: Run(totalSteps: 3, stepsPerEpoch: 1)
        )
        #expect(
            RateTable.lines([PreviewCurve(label: "x", ScheduleBody(rates, steps: 0..<3))])
                == ["step,learning_rate"] + (0..<3).map { "\($0),\(rates.rate(at: $0))" }
        )
    }
}
