import CDNNL
import Datasets
import Foundation
import Training
import TrainingAPI

/// One side of the comparison that `compare.py` makes: for every line on standard input, which names
/// a workload, trains one epoch of it and prints a line of JSON.
@main struct TrainingBenchmark {
    static func main() throws {
        try EngineThread.pin(toProcessor: 0)
        let cache = FileManager.default.temporaryDirectory.appending(path: "lehr-benchmark")
        let catalogue = DatasetCatalogue(cache: cache.path)
        let dataset = try catalogue.dataset(named: "fashion-mnist")
        var sessions: [String: TrainingSession] = [:]
        while let name = readLine() {
            if name == "peak" {
                answer(#"{"gigaflops": \#(peak())}"#)
                continue
            }
            guard let workload = Workload(rawValue: name) else {
                fatalError("no workload '\(name)'")
            }
            let session = try sessions[name] ?? TrainingSession(workload.plan, dataset: dataset)
            sessions[name] = session
            answer(try epoch(of: session))
        }
    }

    private static func answer(_ line: String) {
        print(line)
        fflush(nil)
    }

    /// Trains one epoch, then validates; the seconds of both and the mean loss, as JSON.
    private static func epoch(of session: TrainingSession) throws -> String {
        let clock = ContinuousClock()
        var (loss, rows) = (0.0, 0)
        let training = try clock.measure {
            for _ in 0..<session.stepsPerEpoch {
                let result = try session.update(rate: 0.01)
                loss += result.loss * Double(result.rows)
                rows += result.rows
            }
        }
        let validation = try clock.measure { _ = try session.evaluateValidation() }
        return """
            {"rows": \(rows), "loss": \(loss / Double(rows)), "training": \(training / .seconds(1)), \
            "validation": \(validation / .seconds(1))}
            """
    }

    /// The most GF/s that a square product of 1,024 reaches in ten tries.
    private static func peak() -> Double {
        let size = 1_024
        let factors = [Float](repeating: 0.5, count: size * size)
        var product = factors
        let n = dnnl_dim_t(size)
        omp_set_num_threads(1)
        let best = (0..<10).map { _ in
            ContinuousClock().measure {
                _ = dnnl_sgemm(0x4E, 0x4E, n, n, n, 1, factors, n, factors, n, 0, &product, n)
            }
        }.min()
        return 2 * pow(Double(size), 3) / ((best ?? .zero) / .seconds(1)) / 1e9
    }
}

/// What is trained, by the name that both sides know.
enum Workload: String {
    case softmax = "softmax 784-10, batch 128"
    case perceptron128 = "mlp 784-256-128-10, batch 128"
    case perceptron32 = "mlp 784-256-128-10, batch 32"
    case convolutions = "cnn 16-pool-32-pool-128-10, batch 128"

    var plan: TrainingPlan {
        TrainingPlan(
            dataset: DatasetSpecification(name: "fashion-mnist"),
            model: model,
            optimizer: .sgd(.init()),
            batchSize: self == .perceptron32 ? 32 : 128
        )
    }

    private var model: ModelSpecification {
        switch self {
        case .softmax: .softmax
        case .perceptron128, .perceptron32: .mlp(.init())
        case .convolutions: .cnn(.init())
        }
    }
}
