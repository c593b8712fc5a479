import Foundation
import Schedules

/// A curve that is not composed of others, by its type's formula as the catalogue writes it.
struct PlainFormula {
    let curve: Curve
    let run: Run
    /// The steps that are left for the curve, the default of `over`.
    let rest: Int
    let peak: Double
    /// The length of the warm-up before the curve.
    let warmed: Int

    func rate(at step: Int) -> Double {
        let t = Double(step)
        switch curve.type.name {
        case "constant": return peak
        case "step": return peak * pow(number("factor"), floor(t / steps("every")))
        case "multi_step": return peak * pow(number("factor"), Double(passed("milestones", t)))
        case "piecewise_constant": return rates("values")[passed("boundaries", t)]
        case "exponential": return peak * pow(number("factor"), stairs(t / steps("every")))
        case "inverse_time": return peak / (1 + number("factor") * stairs(t / steps("every")))
        case "linear": return way(t) { 1 - $0 }
        case "polynomial": return way(t) { pow(1 - $0, number("power")) }
        case "cosine": return way(t) { (1 + cos(.pi * $0)) / 2 }
        case "rex": return way(t) { 2 * (1 - $0) / (2 - $0) }
        case "tanh":
            let (lower, upper) = (number("lower"), number("upper"))
            return way(t) { x in
                (Foundation.tanh(upper) - Foundation.tanh(lower + (upper - lower) * x))
                    / (Foundation.tanh(upper) - Foundation.tanh(lower))
            }
        case "cosine_restarts": return restarts(t)
        case "cyclic": return wave(t)
        case "one_cycle": return cycle(t)
        case "inverse_square_root":
            let timescale = length("timescale") ?? (warmed > 0 ? warmed : 10_000)
            return peak / sqrt(1 + t / Double(timescale))
        case "noam":
            let rise = steps("rise")
            return peak * sqrt(rise) * min((t + 1) * pow(rise, -1.5), 1 / sqrt(t + 1))
        case "power": return peak * pow(1 + t / steps("timescale"), -number("power"))
        case "warmup_stable_decay": return cooldown(t)
        case "interpolated": return drawn(t)
        default: return .nan
        }
    }

    // MARK: - Formulas of more than a line

    private func restarts(_ t: Double) -> Double {
        let (first, factor) = (steps("first_cycle"), number("cycle_factor"))
        var (index, start, end, length) = (0.0, 0.0, first, first)
        while end.rounded() <= t {
            (start, length) = (end, length * factor)
            end += length
            index += 1
        }
        let x = (t - start.rounded()) / (end.rounded() - start.rounded())
        let top = max(peak * pow(number("peak_factor"), index), rate("to"))
        return rate("to") + (top - rate("to")) * (1 + cos(.pi * x)) / 2
    }

    private func wave(_ t: Double) -> Double {
        let rise = steps("rise")
        let fall = length("fall").map(Double.init) ?? rise
        let index = floor(t / (rise + fall))
        let u = t - index * (rise + fall)
        let height = u < rise ? u / rise : (rise + fall - u) / fall
        let amplitude =
            switch curve.parameters["shape"] {
            case .choice("halving"): exp2(-index)
            case .choice("exponential"): pow(number("factor"), t)
            default: 1.0
            }
        return rate("base") + (peak - rate("base")) * height * amplitude
    }

    private func cycle(_ t: Double) -> Double {
        let rise = steps("rise")
        let (from, to) = (peak / number("start_divisor"), peak / number("end_divisor"))
        func share(_ x: Double) -> Double {
            curve.parameters["shape"] == .choice("linear") ? x : (1 - cos(.pi * x)) / 2
        }
        guard t >= rise else { return from + (peak - from) * share(t / rise) }
        let fall = max(Double(length("over") ?? rest) - rise, 1)
        return peak + (to - peak) * share(min((t - rise) / fall, 1))
    }

    private func cooldown(_ t: Double) -> Double {
        let over = Double(length("over") ?? rest)
        let x = min(max(t - (over - steps("cooldown")), 0) / steps("cooldown"), 1)
        let share =
            switch curve.parameters["cooldown_shape"] {
            case .choice("linear"): 1 - x
            case .choice("cosine"): (1 + cos(.pi * x)) / 2
            case .choice("power"): 1 - pow(x, number("cooldown_power"))
            case .choice("exponential"):
                (pow(number("cooldown_ratio"), x) - number("cooldown_ratio"))
                    / (1 - number("cooldown_ratio"))
            default: 1 - sqrt(x)
            }
        return rate("to") + (peak - rate("to")) * share
    }

    private func drawn(_ t: Double) -> Double {
        guard case .knots(let knots)? = curve.parameters["knots"] else { return .nan }
        var (place, value) = (0.0, peak)
        for knot in knots {
            let (next, rate) = (Double(knot.at.steps(in: run)), absolute(knot.rate))
            if t < next {
                let x = (t - place) / (next - place)
                let isCosine = curve.parameters["shape"] == .choice("cosine")
                return value + (rate - value) * (isCosine ? (1 - cos(.pi * x)) / 2 : x)
            }
            (place, value) = (next, rate)
        }
        return value
    }

    private func way(_ t: Double, _ share: (Double) -> Double) -> Double {
        let x = min(t / Double(length("over") ?? rest), 1)
        return rate("to") + (peak - rate("to")) * share(pow(x, number("progress_power")))
    }

    // MARK: - Parameters

    private func stairs(_ x: Double) -> Double {
        curve.parameters["staircase"] == .flag(true) ? floor(x) : x
    }

    private func number(_ name: String) -> Double {
        if case .number(let number)? = curve.parameters[name] { number } else { .nan }
    }

    private func length(_ name: String) -> Int? {
        if case .length(let length)? = curve.parameters[name] { length.steps(in: run) } else { nil }
    }

    private func steps(_ name: String) -> Double { length(name).map(Double.init) ?? .nan }

    private func passed(_ name: String, _ t: Double) -> Int {
        guard case .lengths(let marks)? = curve.parameters[name] else { return 0 }
        return marks.count { Double($0.steps(in: run)) <= t }
    }

    private func rates(_ name: String) -> [Double] {
        if case .targets(let targets)? = curve.parameters[name] {
            targets.map(absolute)
        } else {
            []
        }
    }

    private func rate(_ name: String) -> Double {
        if case .target(let target)? = curve.parameters[name] { absolute(target) } else { .nan }
    }

    private func absolute(_ target: Target) -> Double {
        switch target {
        case .value(let rate): rate
        case .fractionOfPeak(let share): share * peak
        }
    }
}
