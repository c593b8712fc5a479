internal import Foundation

/// A way through points that Optax's interpolating schedules follow.
struct OptaxWay: Sendable {
    /// Whether half waves join the points, not lines.
    let isCosine: Bool
    /// The counts, rising from 0, and the values there.
    let knots: [(call: Double, rate: Double)]

    /// Values at the boundaries are cumulative products of the scales; of equal boundaries the last counts.
    init(
        isCosine: Bool,
        from start: Double,
        _ pairs: [(boundary: Double, scale: Double)]
    ) {
        self.isCosine = isCosine
        let scales = Dictionary(pairs.map { ($0.boundary, $0.scale) }) { $1 }
            .sorted { $0.key < $1.key }
        var value = start
        knots =
            [(0, start)]
            + scales.map { boundary, scale in
                value *= scale
                return (boundary, value)
            }
    }

    /// The schedule that goes along the way.
    var schedule: OptaxSchedule {
        let ways = Array(zip(knots, knots.dropFirst()))
        let last = knots[knots.count - 1]
        let isCosine = isCosine
        return { count in
            var sum = count >= last.call ? last.rate : 0
            for (low, high) in ways where low.call <= count && count < high.call {
                let x = (count - low.call) / max(high.call - low.call, 1)
                sum +=
                    isCosine
                    ? high.rate + (low.rate - high.rate) / 2 * (cos(.pi * x) + 1)
                    : (high.rate - low.rate) * x + low.rate
            }
            return sum
        }
    }
}

extension OptaxMaking {
    /// The way of a schedule that interpolates.
    static func way(
        _ name: String,
        _ arguments: LibraryArguments
    ) throws(LibraryFailure) -> OptaxWay {
        if name == "piecewise_interpolate_schedule" {
            let type = try arguments.choice("interpolate_type", of: ["linear", "cosine"])
            return OptaxWay(
                isCosine: type == "cosine",
                from: try arguments.number("init_value"),
                try boundaries(arguments)
            )
        }
        let steps = try arguments.number("transition_steps")
        guard steps > 0 else {
            throw .value("transition_steps must be positive, got \(steps.plain)")
        }
        let divisor = try arguments.number("div_factor")
        let final = try arguments.number("final_div_factor")
        let start = try PythonNumber.divide(arguments.number("peak_value"), divisor)
        let crest = (try arguments.number("pct_start") * steps).rounded(.towardZero)
        guard name == "linear_onecycle_schedule" else {
            return OptaxWay(
                isCosine: true,
                from: start,
                [(crest, divisor), (steps, try PythonNumber.divide(1, divisor * final))]
            )
        }
        let foot = (try arguments.number("pct_final") * steps).rounded(.towardZero)
        return OptaxWay(
            isCosine: false,
            from: start,
            [
                (crest, divisor), (foot, try PythonNumber.divide(1, divisor)),
                (steps, try PythonNumber.divide(1, final)),
            ]
        )
    }
}
