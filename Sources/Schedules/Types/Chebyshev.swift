extension ScheduleType {
    /// The most nodes; beyond it neighbours differ by less than a rate can show.
    private static let maximumNodes = 1 << 30

    static let chebyshev = ScheduleType(
        name: "chebyshev",
        summary: "Reciprocal Chebyshev nodes in fractal order: rare large steps among small ones.",
        formula: "rate = peak · (c − r) / (c − r · cos(π (i + ½) / N)), c = (1 + 1/ratio) / 2, "
            + "r = (1 − 1/ratio) / 2, i the place ⌊t / every⌋ in fractal order, "
            + "N = over / every rounded up to a power of two",
        source: "Agarwal, Goel & Zhang 2021, \"Acceleration via Fractal Learning Rate Schedules\", "
            + "scaled to the peak",
        parameters: [
            .every("How long each node's rate is held."),
            ScheduleParameter(
                "ratio",
                .number(.above(1, through: 1e9)),
                default: .value(.number(20)),
                "The greatest rate divided by the least."
            ),
            ScheduleParameter(
                "over",
                .length,
                default: .derived("the rest of the run or of the enclosing phase"),
                "The length that the nodes fill; after it they begin anew."
            ),
        ],
        resolve: { arguments, scope throws(ScheduleError) in
            let every = scope.steps(arguments.length("every"))
            let over = scope.steps(arguments.optionalLength("over"))
            var nodes = 1
            while nodes < (over - 1) / every + 1 { nodes *= 2 }
            guard nodes <= maximumNodes else {
                throw .conflict(
                    "every",
                    detail: "\(every) steps make more than \(maximumNodes) nodes"
                )
            }
            return scope.whole(
                .chebyshev(
                    peak: scope.peak,
                    ratio: arguments.number("ratio"),
                    nodes: nodes,
                    every: Double(every)
                )
            )
        }
    )
}

extension Curve {
    /// Reciprocal Chebyshev nodes in fractal order, scaled to the peak: rare large steps among small ones.
    ///
    /// rate = peak · (c − r) / (c − r · cos(π (i + ½) / N)), c = (1 + 1/ratio)/2, r = (1 − 1/ratio)/2; N is
    /// over / every rounded up to a power of two, i the place ⌊t / every⌋ in fractal order.
    ///
    /// Source: Agarwal, Goel & Zhang 2021, "Acceleration via Fractal Learning Rate Schedules".
    ///
    /// - Parameters:
    ///   - every: How long each node's rate is held.
    ///   - ratio: The greatest rate divided by the least; above 1.
    ///   - over: The length that the nodes fill; the rest of the run or phase where it is `nil`.
    /// - Returns: The curve.
    /// - Throws: A `ScheduleError` that names the parameter.
    public static func chebyshev(
        every: Length = .epochs(1),
        ratio: Double = 20,
        over: Length? = nil
    ) throws(ScheduleError) -> Curve {
        var values: [String: ParameterValue] = ["every": .length(every), "ratio": .number(ratio)]
        values["over"] = over.map { .length($0) }
        return try ScheduleType.chebyshev.make(values)
    }
}
