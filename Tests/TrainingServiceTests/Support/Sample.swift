import Crypto
import Foundation
import Schedules
import TrainingAPI

@testable import TrainingService

/// Jobs, reports and rates that tests are made of.
enum Sample {
    /// A job of 3 epochs of 30 steps on spirals, as JSON.
    static func job(
        schedule: String = #"{"type": "cosine", "learning_rate": 0.1}"#,
        fields: String = ""
    ) -> String {
        """
        {\(fields)"dataset": {"name": "spirals", "validation": {"split": "validation"}},
         "model": {"type": "softmax"}, "optimizer": {"type": "sgd", "momentum": 0.9},
         "schedule": \(schedule), "epochs": 3, "batch_size": 100}
        """
    }

    /// Halves the rate at each validation that is no better than the best one.
    static let plateau = """
        {"type": "reduce_on_plateau", "learning_rate": 0.1, "factor": 0.5, "patience": 0,
         "cooldown": 0, "threshold": 0, "monitor": "validation_loss"}
        """

    /// The rates of a schedule over a run.
    static func rates(
        _ schedule: String,
        totalSteps: Int = 90,
        stepsPerEpoch: Int = 30
    ) throws -> RateFunction {
        var context = DecodingContext()
        let (document, _) = try JSONReader.read(Array(job(schedule: schedule).utf8))
        guard let specification = JobSpecification(document, &context) else {
            throw Problem(status: 422, detail: "\(context.faults)")
        }
        return try RateFunction(
            specification.schedule.schedule,
            run: Run(totalSteps: totalSteps, stepsPerEpoch: stepsPerEpoch)
        )
    }

    /// SHA-256 over pairs of rate and momentum, as the protocol says.
    static func digest(_ pairs: [(rate: Double, momentum: Double)]) -> String {
        var bytes: [UInt8] = []
        for pair in pairs {
            for number in [pair.rate, pair.momentum] {
                withUnsafeBytes(of: number.bitPattern.bigEndian) { bytes += $0 }
            }
        }
        return SHA256.hash(data: bytes).map { String(format: "%02x", $0) }.joined()
    }

    /// A report of steps at the rates of `grant`, with momentum 0.9 where it has none.
    static func report(
        _ sequence: Int,
        _ steps: Range<Int>,
        of grant: Grant,
        fence: Int = 1,
        points: [(name: String, step: Int, value: Double)] = []
    ) -> WorkerReport {
        let applied = steps.map { step in
            let index = step - grant.fromStep
            return (grant.learningRates[index], grant.momenta?[index] ?? 0.9)
        }
        var series = points.map {
            WorkerReport.Series(name: $0.name, steps: [$0.step], values: [$0.value])
        }
        if !steps.isEmpty {
            let losses = steps.map { 1 / Double($0 + 1) }
            series.append(WorkerReport.Series(name: "train_loss", values: losses))
        }
        return WorkerReport(
            fence: fence,
            sequence: sequence,
            fromStep: steps.lowerBound,
            toStep: steps.upperBound,
            series: series,
            updateSeconds: Double(steps.upperBound) * 0.01,
            seconds: Double(steps.upperBound) * 0.02,
            appliedDigest: digest(applied)
        )
    }
}
