import TrainingAPI

@testable import TrainingService

extension WorkerReport {
    /// A report of steps at some rates, as a script makes it.
    static func ofScript(
        _ sequence: Int,
        _ steps: Range<Int>,
        _ rates: [Double],
        fence: Int = 1,
        points: [(name: String, step: Int, value: Double)] = []
    ) -> WorkerReport {
        var series = points.map {
            WorkerReport.Series(name: $0.name, steps: [$0.step], values: [$0.value])
        }
        series.append(WorkerReport.Series(name: "learning_rate", values: rates))
        return WorkerReport(
            fence: fence,
            sequence: sequence,
            fromStep: steps.lowerBound,
            toStep: steps.upperBound,
            series: series,
            updateSeconds: 1,
            seconds: 1,
            appliedDigest: Sample.digest(rates.map { ($0, ScriptSpecification.unknownMomentum) })
        )
    }
}
