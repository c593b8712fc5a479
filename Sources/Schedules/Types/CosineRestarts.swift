extension ScheduleType {
    /// The most cycles of unequal lengths that a run may hold; each is a segment of the resolved form.
    private static let maximumCycles = 100_000

    static let cosineRestarts = ScheduleType(
        name: "cosine_restarts",
        summary: "Half-cosine falls that begin anew, in cycles that may grow.",
        formula:
            "in cycle i, u steps after its start: rate = to + (p − to) · ½ (1 + cos(π · u / L)), "
            + "p = max(peak · peak_factor^i, to), L = first_cycle · cycle_factor^i",
        source: "Loshchilov & Hutter 2017, \"SGDR\", equation 5",
        parameters: [
            ScheduleParameter(
                "first_cycle",
                .length,
                default: .required,
                "The length of the first cycle."
            ),
            ScheduleParameter(
                "cycle_factor",
                .number(.from(1)),
                default: .value(.number(1)),
                "By what each cycle is longer than the one before; starts are rounded to steps."
            ),
            ScheduleParameter(
                "peak_factor",
                .number(.above(0, through: 1)),
                default: .value(.number(1)),
                "By what each cycle's peak is lower than the one before."
            ),
            ScheduleParameter(
                "to",
                .target,
                default: .value(.target(.value(0))),
                "The rate to which each cycle falls; it restarts a step before reaching it."
            ),
        ],
        checkUnderPeak: { arguments, peak, _ in arguments.excess("to", over: peak) },
        resolve: { arguments, scope throws(ScheduleError) in
            let first = Double(scope.steps(arguments.length("first_cycle")))
            let factor = arguments.number("cycle_factor")
            let peakFactor = arguments.number("peak_factor")
            let to = arguments.target("to").rate(peak: scope.peak)
            guard factor > 1 else {
                return scope.whole(
                    .cosineCycles(
                        from: scope.peak,
                        to: to,
                        cycle: first,
                        peakFactor: peakFactor
                    )
                )
            }
            var segments: [Segment] = []
            var start = 0
            var (length, end, peak) = (first, first, scope.peak)
            while start < max(1, scope.length) {
                guard segments.count < maximumCycles else {
                    throw .conflict(
                        "cycle_factor",
                        detail: "\(factor.plain) makes more than \(maximumCycles) cycles in this "
                            + "run; 1 gives equal ones"
                    )
                }
                let next = end < 0x1p62 ? Int(end.rounded(.toNearestOrAwayFromZero)) : Int.max
                let shape = Shape.passage(
                    from: max(peak, to),
                    to: to,
                    over: Double(next - start),
                    progressPower: 1,
                    .cosine
                )
                segments.append(scope.segment(at: start, shape))
                start = next
                length *= factor
                end += length
                peak *= peakFactor
            }
            return Lanes(rate: segments)
        }
    )
}

extension Curve {
    /// Half-cosine falls that begin anew, in cycles that may grow and whose peaks may sink.
    ///
    /// In cycle i, u steps after its start: rate = to + (p − to) · ½ (1 + cos(π · u / L)), where
    /// p = max(peak · peakFactor^i, to) and L = firstCycle · cycleFactor^i; starts are rounded half up.
    ///
    /// Source: Loshchilov & Hutter 2017, "SGDR", equation 5.
    ///
    /// - Parameters:
    ///   - firstCycle: The length of the first cycle.
    ///   - cycleFactor: By what each cycle is longer than the one before; at least 1.
    ///   - peakFactor: By what each peak is lower than the one before; above 0 and at most 1.
    ///   - to: The rate to which each cycle falls.
    /// - Returns: The curve.
    /// - Throws: A `ScheduleError` that names the parameter.
    public static func cosineRestarts(
        firstCycle: Length,
        cycleFactor: Double = 1,
        peakFactor: Double = 1,
        to: Target = .value(0)
    ) throws(ScheduleError) -> Curve {
        try ScheduleType.cosineRestarts.make([
            "first_cycle": .length(firstCycle), "cycle_factor": .number(cycleFactor),
            "peak_factor": .number(peakFactor), "to": .target(to),
        ])
    }
}
