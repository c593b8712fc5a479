extension Schedule {
    /// The rate above which a warning is given.
    static let suspiciousRate = 10.0

    /// What is legal in the schedule and looks wrong in a run of this extent.
    ///
    /// Named are: a peak or target above 10, a warm-up whose peak no update uses, a curve that begins away from
    /// the peak after a warm-up, a way that is longer than the steps it has, milestones past the end, and
    /// milestones that look like epochs given as steps.
    ///
    /// - Parameter run: The extent of the run.
    /// - Returns: The warnings, outermost field first; none where nothing looks wrong.
    public func warnings(for run: Run) -> [ScheduleWarning] {
        var warnings: [ScheduleWarning] = []
        if learningRate > Self.suspiciousRate {
            warnings.append(.suspicious(learningRate, at: "learning_rate"))
        }
        let scope = Scope(run: run, origin: 0, length: run.totalSteps, peak: learningRate)
        return warnings + scope.warnings(curve, floor: floor, warmup: warmup)
    }
}

extension ScheduleWarning {
    fileprivate static func suspicious(_ rate: Double, at path: FieldPath) -> ScheduleWarning {
        ScheduleWarning(path: path, message: "\(rate.plain) is an unusually high learning rate")
    }
}

extension Scope {
    /// The warnings of a schedule that fills the scope.
    fileprivate func warnings(
        _ curve: Curve,
        floor: Double?,
        warmup: Warmup?
    ) -> [ScheduleWarning] {
        let warmupSteps = warmup?.length.steps(in: run) ?? 0
        let inner = Scope(
            run: run,
            origin: origin + warmupSteps,
            length: max(0, length - warmupSteps),
            peak: peak,
            warmupSteps: warmupSteps,
            floor: floor
        )
        var warnings: [ScheduleWarning] = []
        if warmup != nil {
            let path = FieldPath([.key("warmup"), .key("length")])
            if warmupSteps >= length {
                warnings.append(
                    ScheduleWarning(
                        path: path,
                        message: "the peak falls on step \(warmupSteps), past the last of "
                            + "\(length) steps"
                    )
                )
            } else if let start = try? curve.resolve(in: inner).rate.first?.terms.start(at: inner),
                abs(start - peak) > 1e-9 * peak
            {
                // A schedule that cannot be resolved is refused with its own error, not warned about.
                warnings.append(
                    ScheduleWarning(
                        path: "warmup",
                        message: "the warm-up climbs to \(peak.brief), but the curve after it "
                            + "begins at \(start.brief)"
                    )
                )
            }
        }
        return warnings + inner.warnings(curve)
    }

    /// The warnings of a curve's own parameters.
    private func warnings(_ curve: Curve) -> [ScheduleWarning] {
        curve.type.parameters.flatMap { parameter -> [ScheduleWarning] in
            let path = FieldPath([.key(parameter.name)])
            switch curve.parameters[parameter.name] {
            // A timescale says how fast a curve without an end falls, and may be longer than the run.
            case .length(let length) where parameter.name != "timescale":
                return warnings(length, at: path)
            case .lengths(let lengths): return warnings(lengths, at: path)
            case .target(let target): return warnings([target]).map { $0.prefixed(by: path) }
            case .targets(let targets):
                return warnings(targets).map { $0.prefixed(by: path) }
            case .knots(let knots):
                return warnings(knots.map(\.at), at: path)
                    + warnings(knots.map(\.rate)).map { $0.prefixed(by: path) }
            case .phases(let phases): return warnings(phases, at: path)
            case .factors(let factors):
                let scope = Scope(run: run, origin: origin, length: length, peak: 1)
                return factors.enumerated().flatMap { index, factor in
                    scope.warnings(factor).map { $0.prefixed(by: path.appending(index)) }
                }
            default: return []
            }
        }
    }

    private func warnings(_ length: Length, at path: FieldPath) -> [ScheduleWarning] {
        let steps = length.steps(in: run)
        guard steps > self.length, steps > 1 else { return [] }
        return [
            ScheduleWarning(
                path: path,
                message: "\(length) is \(steps) steps, but only \(self.length) are left for it"
            )
        ]
    }

    private func warnings(_ marks: [Length], at path: FieldPath) -> [ScheduleWarning] {
        guard let last = marks.last else { return [] }
        let steps = marks.compactMap { mark in
            if case .steps(let count) = mark { count } else { nil }
        }
        if steps.count == marks.count, run.stepsPerEpoch > 1, run.epochs > 2,
            Double(last.position(in: run)) <= run.epochs
        {
            let listed = steps.map(String.init).joined(separator: ", ")
            return [
                ScheduleWarning(
                    path: path,
                    message: "the steps \(listed) all lie in the first of "
                        + "\(run.epochs.brief) epochs; for epochs write {\"epochs\": [\(listed)]}"
                )
            ]
        }
        return marks.enumerated().compactMap { index, mark in
            let step = mark.position(in: run)
            guard step > length || (step == length && index < marks.count - 1) else { return nil }
            return ScheduleWarning(
                path: path.appending(index),
                message: "\(mark) is step \(step), past the \(length) steps that it is in"
            )
        }
    }

    private func warnings(_ targets: [Target]) -> [ScheduleWarning] {
        targets.enumerated().compactMap { index, target in
            let rate = target.rate(peak: peak)
            guard rate > Schedule.suspiciousRate, rate > peak else { return nil }
            let path = targets.count == 1 ? FieldPath() : FieldPath([.index(index)])
            return .suspicious(rate, at: path)
        }
    }

    private func warnings(_ phases: [Phase], at path: FieldPath) -> [ScheduleWarning] {
        var start = 0
        let parts = phases.enumerated().flatMap { index, phase -> [ScheduleWarning] in
            let peak = phase.learningRate ?? peak
            let left = max(0, length - start)
            let steps = min(left, phase.length?.steps(in: run) ?? left)
            let scope = Scope(run: run, origin: origin + start, length: steps, peak: peak)
            start += steps
            var warnings = scope.warnings(phase.curve, floor: phase.floor, warmup: phase.warmup)
            if let rate = phase.learningRate, rate > Schedule.suspiciousRate {
                warnings.insert(.suspicious(rate, at: "learning_rate"), at: 0)
            }
            return warnings.map { $0.prefixed(by: path.appending(index)) }
        }
        guard start < length else { return parts }
        return parts + [
            ScheduleWarning(
                path: path,
                message: "they are \(start) steps of \(length); the last goes on to the end"
            )
        ]
    }
}

extension [Term] {
    /// The product at the start of a scope.
    fileprivate func start(at scope: Scope) -> Double {
        reduce(1) { $0 * $1.value(at: scope.origin) }
    }
}
