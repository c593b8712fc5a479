extension ScheduleType {
    static let interpolated = ScheduleType(
        name: "interpolated",
        summary: "Any curve drawn by hand: knots, joined by lines or half cosines.",
        formula:
            "between knots (a, p) and (b, q): the way from p to q at progress (t − a) / (b − a); "
            + "the last rate is held",
        source: "Optax, piecewise_interpolate_schedule",
        parameters: [
            ScheduleParameter(
                "knots",
                .knots,
                default: .required,
                "The points; without one at 0 the curve begins at the peak."
            ),
            .choice("shape", KnotShape.linear, "How the curve goes from knot to knot."),
        ],
        check: { arguments in
            guard arguments.choice("shape") == KnotShape.logarithmic else { return [] }
            return arguments.knots("knots").enumerated().compactMap { index, knot in
                guard knot.rate.rate(peak: 1) == 0 else { return nil }
                return .conflict(
                    FieldPath([.key("knots"), .index(index), .key("rate")]),
                    detail: "a logarithmic way needs rates above 0, got \(knot.rate)"
                )
            }
        },
        resolve: { arguments, scope throws(ScheduleError) in
            let knots = arguments.knots("knots")
            let shape: KnotShape = arguments.choice("shape")
            var marks = knots.map { max($0.at.position(in: scope.run), 0) }
            var rates = knots.map { $0.rate.rate(peak: scope.peak) }
            if marks[0] > 0 {
                marks.insert(0, at: 0)
                rates.insert(scope.peak, at: 0)
            }
            let given = marks.count - knots.count
            var segments: [Segment] = []
            for index in marks.indices.dropLast() {
                let steps = marks[index + 1] - marks[index]
                guard steps > 0 else {
                    throw .conflict(
                        FieldPath([.key("knots"), .index(index + 1 - given), .key("at")]),
                        detail: "it falls on step \(marks[index + 1]) of this run, as the knot "
                            + "before it does"
                    )
                }
                let (from, to) = (rates[index], rates[index + 1])
                guard shape != .logarithmic || (to / from).isNormal else {
                    throw .conflict(
                        FieldPath([.key("knots"), .index(index + 1 - given), .key("rate")]),
                        detail: "the ratio of \(to.plain) to the rate before it, \(from.plain), is "
                            + "beyond what numbers hold"
                    )
                }
                segments.append(
                    scope.segment(
                        at: marks[index],
                        shape == .logarithmic
                            ? .exponential(from: from, factor: to / from, every: Double(steps))
                            : .passage(
                                from: from,
                                to: to,
                                over: Double(steps),
                                progressPower: 1,
                                shape == .cosine ? .cosine : .linear
                            )
                    )
                )
            }
            let last = marks.count - 1
            segments.append(scope.segment(at: marks[last], .constant(rates[last])))
            return Lanes(rate: segments)
        }
    )
}

extension Curve {
    /// Any curve drawn by hand: knots, joined by lines or half cosines; the last rate is held.
    ///
    /// Source: Optax, piecewise_interpolate_schedule.
    ///
    /// - Parameters:
    ///   - knots: The points, in rising order; without one at 0 the curve begins at the peak.
    ///   - shape: How the curve goes from knot to knot.
    /// - Returns: The curve.
    /// - Throws: A `ScheduleError` that names the parameter.
    public static func interpolated(
        knots: [Knot],
        shape: KnotShape = .linear
    ) throws(ScheduleError) -> Curve {
        try ScheduleType.interpolated.make([
            "knots": .knots(knots), "shape": .choice(shape.rawValue),
        ])
    }
}
