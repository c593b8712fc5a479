import Schedules
import Testing
import TrainingAPI

@testable import lehr

@Suite struct PreviewViewTests {
    private func schedule(
        _ curve: Curve,
        steps: Int = 5,
        reports: [Double] = [],
        pointLimit: Int? = nil
    ) throws -> ScheduleBody {
        var rates = try RateFunction(
            Schedule(curve: curve, learningRate: 0.1),
            run: Run(totalSteps: steps, stepsPerEpoch: 1)
        )
        for (index, value) in reports.enumerated() { rates.report(value, at: index + 1) }
        return ScheduleBody(rates, steps: 0..<steps, pointLimit: pointLimit)
    }

    @Test func `draws each rate as long as it holds, under what it comes to`() throws {
        let view = PreviewView(curves: [
            PreviewCurve(
                label: "step",
                try schedule(.step(every: .steps(2), factor: 0.5), steps: 6)
            )
        ])
        #expect(
            view.lines(.sized(31, 12)) == [
                "step  6 steps, first 0.1, peak 0.1 at step 0, last 0.025, mean 0.05833",
                "",
                "      0.1 ┤⠉⠉⠉⠉⠉⠉⠉⠉⡇",
                "          │        ⡇",
                "          │        ⠧⠤⠤⠤⠤⠤⠤⢤",
                "    0.025 ┤               ⢸⣀⣀⣀⣀",
                "          └────────────────────",
                "           0             step 5",
            ]
        )
    }

    @Test func `shows why a rate was lowered`() throws {
        let view = PreviewView(curves: [
            PreviewCurve(
                label: "reduce_on_plateau",
                try schedule(.reduceOnPlateau(patience: 0), reports: [1, 1])
            )
        ])
        #expect(view.lines(.sized(80, 24)).last?.hasPrefix("step 2: best 1 not beaten") == true)
    }

    @Test func `the mean of some steps is not shown as the run's`() throws {
        let view = PreviewView(curves: [
            PreviewCurve(
                label: "cosine",
                try schedule(.cosine(), steps: 1000, pointLimit: 10)
            )
        ])
        let lines = view.lines(.sized(80, 24))
        #expect(lines[0] == "cosine  1,000 steps, first 0.1, peak 0.1 at step 0, last 2.467e-7")
        #expect(lines.contains { $0.hasSuffix("step 999") })
    }
}
