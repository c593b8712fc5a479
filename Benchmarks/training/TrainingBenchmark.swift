import AllocationCount
import CDNNL
import Datasets
import Foundation
import Training
import TrainingAPI

/// One side of the comparison that `compare.py` makes, on the processor of the given place and with
/// the given folder for what both sides read.
///
/// Every line on standard input is a question, answered by a line of JSON:
/// - `peak`: the speed of a large matrix product,
/// - `start STEPS NAME`: writes what the peer starts from for so many updates (see `Start`),
/// - `train STEPS NAME`: makes so many updates more, and says the time and the mean loss,
/// - `final EPOCHS SEED NAME`: trains anew from a seed, and says the accuracy on the test rows,
/// - `checkpoint COUNT NAME`: how long the copy of a checkpoint keeps the training waiting.
@main struct TrainingBenchmark {
    private let folder: URL
    private var sessions: [Workload: TrainingSession] = [:]

    static func main() throws {
        guard CommandLine.arguments.count == 3, let place = Int(CommandLine.arguments[2]) else {
            fatalError("usage: TrainingBenchmark FOLDER PROCESSOR")
        }
        try EngineThread.pin(toProcessor: place)
        var benchmark = TrainingBenchmark(folder: URL(filePath: CommandLine.arguments[1]))
        while let question = readLine() {
            print(try benchmark.answer(to: question))
            fflush(nil)
        }
    }

    private init(folder: URL) {
        self.folder = folder
    }

    private mutating func answer(to question: String) throws -> String {
        if question == "peak" { return #"{"gigaflops": \#(Self.peak())}"# }
        let words = question.split(separator: " ", maxSplits: 2).map(String.init)
        guard words.count == 3, let count = Int(words[1]) else {
            fatalError("no question: \(question)")
        }
        if words[0] == "final" {
            let parts = words[2].split(separator: " ", maxSplits: 1).map(String.init)
            guard parts.count == 2, let seed = UInt64(parts[0]), let workload = Workload(parts[1])
            else { fatalError("no question: \(question)") }
            return try final(workload, seed: seed, epochs: count)
        }
        guard let workload = Workload(words[2]) else { fatalError("no workload: \(question)") }
        if words[0] == "start" {
            try Start(workload, steps: count, in: folder).write()
            return "{}"
        }
        let session =
            try sessions[workload]
            ?? TrainingSession(workload.plan, dataset: try workload.dataset(in: folder))
        sessions[workload] = session
        return words[0] == "checkpoint"
            ? try Self.checkpoint(session, count: count) : try Self.train(session, steps: count)
    }

    private func final(_ workload: Workload, seed: UInt64, epochs: Int) throws -> String {
        var plan = workload.plan
        plan.seeds = SeedSpecification(seed)
        if case .fraction(let share, let stratified, _) = plan.dataset.validation {
            plan.dataset.validation = .fraction(share, stratified: stratified, seed: seed)
        }
        let session = try TrainingSession(plan, dataset: try workload.dataset(in: folder))
        for _ in 0..<epochs * session.stepsPerEpoch {
            _ = try session.update(rate: Workload.rate)
        }
        return #"{"accuracy": \#(try session.evaluateTest()?.accuracy ?? 0)}"#
    }

    /// The longest of `count` copies of the state, and the bytes that each takes.
    private static func checkpoint(_ session: TrainingSession, count: Int) throws -> String {
        var longest = Duration.zero
        var bytes = 0
        for _ in 0..<count {
            _ = try session.update(rate: Workload.rate)
            let time = try ContinuousClock().measure {
                bytes = CheckpointFile(try session.captureState(), loop: "{}").byteCount
            }
            longest = max(longest, time)
        }
        return #"{"seconds": \#(longest / .seconds(1)), "bytes": \#(bytes)}"#
    }

    private static func train(_ session: TrainingSession, steps: Int) throws -> String {
        var (loss, rows) = (0.0, 0)
        let allocations = allocation_count()
        let time = try ContinuousClock().measure {
            for _ in 0..<steps {
                let result = try session.update(rate: Workload.rate)
                loss += result.loss * Double(result.rows)
                rows += result.rows
            }
        }
        return """
            {"rows": \(rows), "loss": \(loss / Double(rows)), "seconds": \(time / .seconds(1)), \
            "allocations": \(Double(allocation_count() - allocations) / Double(steps))}
            """
    }

    /// The most GF/s that a square product of 1,024 reaches in ten tries.
    private static func peak() -> Double {
        let size = 1_024
        let factors = [Float](repeating: 0.5, count: size * size)
        var product = factors
        let n = dnnl_dim_t(size)
        cdnnl_set_thread_count(1)
        let best = (0..<10).map { _ in
            ContinuousClock().measure {
                _ = cdnnl_sgemm(0x4E, 0x4E, n, n, n, 1, factors, n, factors, n, 0, &product, n)
            }
        }.min()
        return 2 * pow(Double(size), 3) / ((best ?? .zero) / .seconds(1)) / 1e9
    }
}
