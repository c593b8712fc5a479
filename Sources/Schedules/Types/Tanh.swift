extension ScheduleType {
    static let tanh = ScheduleType(
        name: "tanh",
        summary: "A fall along a hyperbolic tangent: long high, then steep, then flat.",
        formula:
            "rate(t) = to + (peak − to) · (tanh u − tanh(l + (u − l) x^k)) / (tanh u − tanh l), "
            + "x = min(t / over, 1), l = lower, u = upper",
        source: "Hsueh et al. 2019, \"Stochastic Gradient Descent with Hyperbolic-Tangent Decay\", "
            + "scaled so that both ends are reached",
        parameters: [
            ScheduleParameter(
                "lower",
                .number(.any),
                default: .value(.number(-7)),
                "The argument of the tangent at the start; below `upper`."
            ),
            ScheduleParameter(
                "upper",
                .number(.any),
                default: .value(.number(3)),
                "The argument of the tangent at the end."
            ),
            .to, .over, .progressPower,
        ],
        check: { arguments in
            let lower = arguments.number("lower")
            let upper = arguments.number("upper")
            guard
                Passage.hyperbolicTangent(lower: lower, upper: upper).share(at: 0) != 1
                    || lower >= upper
            else { return [] }
            return [
                .conflict(
                    "lower",
                    detail: "the tangent does not rise from lower, \(lower.plain), to upper, "
                        + "\(upper.plain)"
                )
            ]
        },
        resolve: { arguments, scope in
            scope.passage(
                .hyperbolicTangent(
                    lower: arguments.number("lower"),
                    upper: arguments.number("upper")
                ),
                arguments
            )
        }
    )
}

extension Curve {
    /// A fall along a hyperbolic tangent, scaled so that both ends are reached.
    ///
    /// rate(t) = to + (peak − to) · (tanh u − tanh(l + (u − l) y)) / (tanh u − tanh l), y = x^k,
    /// x = min(t / over, 1), l = lower, u = upper.
    ///
    /// Source: Hsueh et al. 2019, "Stochastic Gradient Descent with Hyperbolic-Tangent Decay on
    /// Classification"; there the ends are missed by tanh's distance from ±1.
    ///
    /// - Parameters:
    ///   - lower: The argument of the tangent at the start; below `upper`.
    ///   - upper: The argument of the tangent at the end.
    ///   - to: The rate at t = over and after.
    ///   - over: How long the fall takes; the rest of the run or phase where it is `nil`.
    ///   - progressPower: The exponent k of the progress; above 0.
    /// - Returns: The curve.
    /// - Throws: A `ScheduleError` that names the parameter.
    public static func tanh(
        lower: Double = -7,
        upper: Double = 3,
        to: Target = .value(0),
        over: Length? = nil,
        progressPower: Double = 1
    ) throws(ScheduleError) -> Curve {
        try ScheduleType.tanh.make(
            to: to,
            over: over,
            progressPower: progressPower,
            ["lower": .number(lower), "upper": .number(upper)]
        )
    }
}
