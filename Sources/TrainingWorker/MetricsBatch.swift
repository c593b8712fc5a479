internal import Crypto
package import TrainingAPI

/// The metrics of consecutive updates, as columns, and the values between them.
package struct MetricsBatch: Sendable {
    /// The first update.
    package let fromStep: Int
    /// The seconds spent in updates since the run began, the batch's own included.
    package private(set) var updateSeconds: Double
    private var batchSeconds = 0.0
    private var rows = 0
    private var rates: [Double] = []
    private var momenta: [Double] = []
    private var losses: [Double] = []
    private var gradientNorms: [Double] = []
    /// The wall time of running at the last update.
    private var elapsed = 0.0
    private var points: [(name: String, steps: [Int], values: [Double])] = []

    /// Makes an empty batch that begins at `fromStep`.
    package init(fromStep: Int) {
        self.fromStep = fromStep
        updateSeconds = 0
    }

    /// Makes an empty batch that begins where `batch` ends.
    package init(following batch: MetricsBatch) {
        fromStep = batch.toStep
        updateSeconds = batch.updateSeconds
        let capacity = batch.stepCount + batch.stepCount / 4
        rates.reserveCapacity(capacity)
        momenta.reserveCapacity(capacity)
        losses.reserveCapacity(capacity)
        gradientNorms.reserveCapacity(capacity)
    }

    /// The update after the last one.
    package var toStep: Int { fromStep + rates.count }
    /// The number of updates.
    package var stepCount: Int { rates.count }
    /// Whether there is nothing to report.
    package var isEmpty: Bool { rates.isEmpty && points.isEmpty }
    /// The memory that the values take, in bytes.
    package var byteCount: Int { rates.count * 32 + points.reduce(0) { $0 + $1.values.count * 16 } }

    /// Adds the next update.
    mutating func append(_ update: RunChannel.Update) {
        rates.append(update.learningRate)
        momenta.append(update.momentum)
        losses.append(update.loss)
        gradientNorms.append(update.gradientNorm)
        if let ratio = update.updateToWeightRatio {
            append("update_to_weight_ratio", at: toStep - 1, ratio)
        }
        elapsed = update.elapsed
        rows += update.rows
        batchSeconds += update.seconds
        updateSeconds += update.seconds
    }

    /// Adds a value of the metric called `name` after `step` finished updates.
    mutating func append(_ name: String, at step: Int, _ value: Double) {
        if let index = points.firstIndex(where: { $0.name == name }) {
            points[index].steps.append(step)
            points[index].values.append(value)
        } else {
            points.append((name, [step], [value]))
        }
    }

    /// The metrics as they are reported.
    package var series: [WorkerReport.Series] {
        var series = points.map {
            WorkerReport.Series(name: $0.name, steps: $0.steps, values: $0.values)
        }
        if !rates.isEmpty {
            series += [
                WorkerReport.Series(name: "train_loss", values: losses),
                WorkerReport.Series(name: "learning_rate", values: rates),
                WorkerReport.Series(name: "momentum", values: momenta),
                WorkerReport.Series(name: "gradient_norm", values: gradientNorms),
            ]
            let time = max(batchSeconds, 1e-9)
            for (name, value) in [
                ("samples_per_second", Double(rows) / time),
                ("steps_per_second", Double(stepCount) / time),
                ("seconds", elapsed),
            ] {
                series.append(WorkerReport.Series(name: name, steps: [toStep], values: [value]))
            }
        }
        return series
    }

    /// SHA-256, in hexadecimal, over each update's rate and momentum as big-endian doubles.
    package var appliedDigest: String {
        var hash = SHA256()
        for (rate, momentum) in zip(rates, momenta) {
            withUnsafeBytes(of: rate.bitPattern.bigEndian) { hash.update(bufferPointer: $0) }
            withUnsafeBytes(of: momentum.bitPattern.bigEndian) { hash.update(bufferPointer: $0) }
        }
        return hash.finalize().map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
