extension Schedule {
    /// What decides the rate at a step, outermost first: the warm-up, then the curve and how far it is.
    func causes(at step: Int, in run: Run) -> [String] {
        Scope(run: run, origin: 0, length: run.totalSteps, peak: learningRate)
            .causes(at: step, curve, warmup: warmup)
    }
}

extension Scope {
    /// The causes at a step of the scope.
    fileprivate func causes(at step: Int, _ curve: Curve, warmup: Warmup?) -> [String] {
        let warmupSteps = warmup?.length.steps(in: run) ?? 0
        if let warmup, step < warmupSteps {
            let from = warmup.from.rate(peak: peak)
            return [
                "warm-up, update \(step + 1) of \(warmupSteps) from \(from.brief) to \(peak.brief)"
            ]
        }
        let inner = Scope(
            run: run,
            origin: origin + warmupSteps,
            length: max(0, length - warmupSteps),
            peak: peak,
            warmupSteps: warmupSteps
        )
        let ended = warmup == nil ? [] : ["warm-up ended at step \(inner.origin)"]
        return ended + inner.causes(at: step - warmupSteps, of: curve)
    }

    /// The causes at a step of a curve that fills the scope.
    private func causes(at step: Int, of curve: Curve) -> [String] {
        let name = curve.type.name
        for parameter in curve.type.parameters {
            switch curve.parameters[parameter.name] {
            case .phases(let phases): return causes(at: step, of: phases)
            case .factors(let factors):
                return factors.flatMap { factor in
                    causes(at: step, of: factor).map { "factor \($0)" }
                }
            case .lengths(let marks):
                let passed = marks.count { $0.steps(in: run) <= step }
                return ["\(name), \(passed) of \(marks.count) \(parameter.name) passed"]
            default: continue
            }
        }
        guard curve.type.parameters.contains(where: { $0.name == "over" }) else {
            return [step == 0 ? "\(name) at its start" : "\(name) at its step \(step)"]
        }
        let over = steps(curve.arguments.optionalLength("over"))
        guard step < over else { return ["\(name) at its end"] }
        let share = (Double(step) / Double(over) * 100).rounded(.down)
        return ["\(name), \(Int(share)) % of its way"]
    }

    private func causes(at step: Int, of phases: [Phase]) -> [String] {
        var start = 0
        for (index, phase) in phases.enumerated() {
            let isLast = index == phases.count - 1
            let steps = phase.length?.steps(in: run) ?? (length - start)
            if isLast || step < start + steps {
                let scope = Scope(
                    run: run,
                    origin: origin + start,
                    length: steps,
                    peak: phase.learningRate ?? peak
                )
                return ["phase \(index + 1) of \(phases.count) since step \(scope.origin)"]
                    + scope.causes(at: step - start, phase.curve, warmup: phase.warmup)
            }
            start += steps
        }
        return []
    }
}
