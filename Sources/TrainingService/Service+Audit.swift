internal import Crypto
internal import Jobs
internal import Schedules
internal import TrainingAPI

/// Whether jobs used the rates that they were to use.
extension Service {
    /// The most steps that are named where they used others.
    private static let namedSteps = 100
    /// How many steps are read at once.
    private static let stride = 262_144

    /// Compares what a job applied at every step with what it was to apply, to the last bit.
    ///
    /// Each step on the curve counts once, under the newest run that made it, however its reports were cut.
    ///
    /// - Throws: `JobStoreError`; `CurveCoding.CorruptCurve`; `Problem`.
    func audit(_ record: JobRecord) throws -> AuditBody {
        let (rates, work) = try self.rates(of: record)
        let ownMomentum = work.ownMomentum
        var (applied, expected) = (SHA256(), SHA256())
        var (steps, mismatches, planned) = (0, 0, 0)
        var named: [Int] = []
        var lower = record.origin?.step ?? 0
        while lower < record.step {
            let range = lower..<min(lower + Self.stride, record.step)
            let segments = try store.series(
                of: record.id,
                names: ["learning_rate", "momentum", SeriesEncoding.planned],
                in: range
            )
            let curves = try SeriesEncoding.curves(of: segments, in: range)
            let learningRates = curves.first { $0.name == "learning_rate" }?.curve ?? Curve()
            let momenta = curves.first { $0.name == "momentum" }?.curve ?? Curve()
            let plannedSteps = curves.first { $0.name == SeriesEncoding.planned }?.curve.steps ?? []
            planned += plannedSteps.count
            var (momentum, plan) = (0, 0)
            for (place, step) in learningRates.steps.enumerated() {
                while momentum < momenta.count, momenta.steps[momentum] < step { momentum += 1 }
                while plan < plannedSteps.count, plannedSteps[plan] < step { plan += 1 }
                let hasMomentum = momentum < momenta.count && momenta.steps[momentum] == step
                let isPlanned = plan < plannedSteps.count && plannedSteps[plan] == step
                let used = (
                    learningRates.values[place], hasMomentum ? momenta.values[momentum] : .nan
                )
                let right = (rates.rate(at: step), rates.momentum(at: step) ?? ownMomentum)
                Self.update(&applied, used)
                Self.update(&expected, right)
                let isRight =
                    used.0.bitPattern == right.0.bitPattern
                    && used.1.bitPattern == right.1.bitPattern
                guard !isRight, !isPlanned else { continue }
                mismatches += 1
                if named.count < Self.namedSteps { named.append(step) }
            }
            steps += learningRates.count
            lower = range.upperBound
        }
        return AuditBody(
            steps: steps,
            mismatches: mismatches,
            mismatchedSteps: named,
            planned: planned,
            digest: Digest.hexadecimal(applied.finalize()),
            expectedDigest: Digest.hexadecimal(expected.finalize())
        )
    }

    private static func update(_ hash: inout SHA256, _ pair: (Double, Double)) {
        let bits = (pair.0.bitPattern.bigEndian, pair.1.bitPattern.bigEndian)
        withUnsafeBytes(of: bits) { hash.update(bufferPointer: $0) }
    }
}
