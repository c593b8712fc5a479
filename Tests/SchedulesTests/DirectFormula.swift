import Foundation
import Schedules

/// The rate of a schedule worked out from its description anew at each step: nothing is resolved beforehand.
///
/// It is written from the types' published formulas, apart from the module's own evaluation, and slow.
struct DirectFormula {
    let run: Run

    func rate(_ schedule: Schedule, at step: Int) -> Double {
        rate(
            schedule.curve,
            at: step,
            of: run.totalSteps,
            peak: schedule.learningRate,
            floor: schedule.floor ?? 0,
            warmup: schedule.warmup
        ).rate
    }

    /// A rate, and whether it is the climb of a warm-up, which no floor lifts.
    private struct Value {
        var rate: Double
        var climbs = false

        func raised(_ floor: Double) -> Value {
            climbs ? self : Value(rate: max(rate, floor))
        }
    }

    private func rate(
        _ curve: Curve,
        at step: Int,
        of length: Int,
        peak: Double,
        floor: Double,
        warmup: Warmup?
    ) -> Value {
        guard let warmup else {
            return value(curve, step, of: length, peak: peak, floor: floor, warmed: 0).raised(floor)
        }
        let climb = warmup.length.steps(in: run)
        guard step < climb else {
            return value(
                curve,
                step - climb,
                of: length - climb,
                peak: peak,
                floor: floor,
                warmed: climb
            ).raised(floor)
        }
        let from = absolute(warmup.from, peak)
        let x = Double(step + 1) / Double(climb + 1)
        let share =
            switch warmup.shape {
            case .linear: x
            case .cosine: 0.5 - 0.5 * cos(.pi * x)
            case .oneMinusSquareRoot: 1 - sqrt(1 - x)
            }
        return Value(rate: from + (peak - from) * share, climbs: true)
    }

    private func value(
        _ curve: Curve,
        _ step: Int,
        of length: Int,
        peak: Double,
        floor: Double,
        warmed: Int
    ) -> Value {
        if case .phases(let phases)? = curve.parameters["phases"] {
            return value(phases, step, of: length, peak: peak, floor: floor)
        }
        if case .factors(let factors)? = curve.parameters["factors"] {
            return factors.reduce(Value(rate: peak)) { product, factor in
                let next = value(factor, step, of: length, peak: 1, floor: 0, warmed: warmed)
                return Value(
                    rate: product.rate * next.rate,
                    climbs: product.climbs || next.climbs
                )
            }
        }
        let formula = PlainFormula(
            curve: curve,
            run: run,
            rest: max(length, 1),
            peak: peak,
            warmed: warmed
        )
        return Value(rate: formula.rate(at: step))
    }

    private func value(
        _ phases: [Phase],
        _ step: Int,
        of length: Int,
        peak: Double,
        floor: Double
    ) -> Value {
        var start = 0
        for (index, phase) in phases.enumerated() {
            let steps = phase.length?.steps(in: run) ?? (length - start)
            guard index == phases.count - 1 || step < start + steps else {
                start += steps
                continue
            }
            return rate(
                phase.curve,
                at: step - start,
                of: steps,
                peak: phase.learningRate ?? peak,
                floor: max(floor, phase.floor ?? 0),
                warmup: phase.warmup
            )
        }
        return Value(rate: peak)
    }

    private func absolute(_ target: Target, _ peak: Double) -> Double {
        switch target {
        case .value(let rate): rate
        case .fractionOfPeak(let share): share * peak
        }
    }
}
