import Foundation
import Logging
import TrainingAPI
import TrainingClient

@testable import TrainingWorker

/// Jobs and workers that tests are made of.
enum Sample {
    /// Trains spirals for `steps` steps, 30 an epoch, at the rate 0.1.
    static func job(steps: Int = 60, granted: Int? = nil, fields: String = "") throws -> LeasedJob {
        let json = """
            {\(fields)"dataset": {"name": "spirals", "validation": {"split": "validation"}},
             "model": {"type": "softmax"}, "optimizer": {"type": "sgd", "momentum": 0.5},
             "schedule": {"type": "constant", "learning_rate": 0.1},
             "steps": \(steps), "batch_size": 100}
            """
        return LeasedJob(
            leaseID: String(repeating: "a", count: 32),
            fence: 1,
            termSeconds: 3_600,
            jobID: "01900000-0000-7000-8000-000000000000",
            kind: "train",
            specification: JSONFragment(try JSONReader.read(Array(json.utf8)).document),
            totalSteps: steps,
            stepsPerEpoch: 30,
            evaluationInterval: 30,
            resumeStep: 0,
            grant: grant(0..<(granted ?? steps))
        )
    }

    /// A grant of the rate 0.1.
    static func grant(_ steps: Range<Int>) -> Grant {
        Grant(
            fromStep: steps.lowerBound,
            learningRates: Array(repeating: 0.1, count: steps.count)
        )
    }

    /// The receipt of a report.
    static func receipt(
        _ grant: Grant? = nil,
        directives: [ReportReceipt.Directive] = [],
        termSeconds: Double = 3_600
    ) -> ReportReceipt {
        ReportReceipt(grant: grant, directives: directives, termSeconds: termSeconds)
    }

    /// A worker that speaks to `server`.
    static func worker(
        _ server: ScriptedServer,
        change: (inout WorkerConfiguration) -> Void = { _ in }
    ) throws -> Worker {
        var configuration = WorkerConfiguration(
            name: "worker-1",
            cacheFolder: FileManager.default.temporaryDirectory.path
        )
        configuration.reportInterval = .milliseconds(1)
        change(&configuration)
        return Worker(
            configuration: configuration,
            client: LehrClient(
                server: try ServerAddress("http://127.0.0.1:1"),
                transport: server,
                retries: .never
            ),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
    }
}
