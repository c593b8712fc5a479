extension ScheduleType {
    static let reduceOnPlateau = ScheduleType(
        name: "reduce_on_plateau",
        summary: "The rate falls by a factor when a metric stops improving.",
        formula: "after patience + 1 reports without improvement: rate = max(rate · factor, floor)",
        source: "PyTorch, ReduceLROnPlateau; a relative threshold is a share of |best| here",
        parameters: [
            .monitor, .mode,
            ScheduleParameter(
                "factor",
                .number(.between(0, 1)),
                default: .value(.number(0.1)),
                "By what the rate is multiplied."
            ),
            .patience(10, "How many reports without improvement are borne; the next one reduces."),
            .threshold(1e-4),
            .choice(
                "threshold_mode",
                ImprovementMargin.Mode.relative,
                "Whether the threshold is a share of the best or a difference."
            ),
            .cooldown("How many whole reports after a reduction are not counted."),
        ],
        resolve: { arguments, scope in
            scope.feedback(
                arguments,
                initial: scope.peak,
                policy: .plateau(
                    PlateauRule(
                        factor: arguments.number("factor"),
                        patience: arguments.count("patience"),
                        margin: arguments.margin,
                        cooldown: arguments.count("cooldown")
                    )
                )
            )
        }
    )
}

extension Curve {
    /// A rate that falls when a metric stops improving.
    ///
    /// After `patience` + 1 reports without improvement the rate is max(rate · factor, floor), the schedule's
    /// floor, and the next `cooldown` reports are not counted. It holds from the next update. Reports during
    /// a warm-up are not seen; a metric that is not finite is no improvement.
    ///
    /// Source: PyTorch, ReduceLROnPlateau.
    ///
    /// - Parameters:
    ///   - monitor: The metric that is watched.
    ///   - mode: Whether smaller or greater reports are better; by the monitor's name where it is `nil`.
    ///   - factor: By what the rate is multiplied; above 0 and below 1.
    ///   - patience: How many reports without improvement are borne.
    ///   - margin: By how much a report must beat the best.
    ///   - cooldown: How many reports after a reduction are not counted.
    /// - Returns: The curve.
    /// - Throws: A `ScheduleError` that names the parameter.
    public static func reduceOnPlateau(
        monitor: String = "validation_loss",
        mode: FeedbackRule.Mode? = nil,
        factor: Double = 0.1,
        patience: Int = 10,
        margin: ImprovementMargin = ImprovementMargin(1e-4, .relative),
        cooldown: Int = 0
    ) throws(ScheduleError) -> Curve {
        var values: [String: ParameterValue] = [
            "monitor": .name(monitor), "factor": .number(factor), "patience": .count(patience),
            "threshold": .number(margin.threshold),
            "threshold_mode": .choice(margin.mode.rawValue), "cooldown": .count(cooldown),
        ]
        values["mode"] = mode.map { .choice($0.rawValue) }
        return try ScheduleType.reduceOnPlateau.make(values)
    }
}
