extension ScheduleType {
    static let greedy = ScheduleType(
        name: "greedy",
        summary: "The rate rises while a metric improves and falls while it does not.",
        formula:
            "after patience + 1 improvements in a row: rate = min(rate / factor, peak); after as many "
            + "reports without one: rate = max(rate · factor, floor)",
        source:
            "Hugging Face Transformers, GreedyLR; a relative threshold is a share of |best| here",
        parameters: [
            .monitor, .mode,
            ScheduleParameter(
                "factor",
                .number(.between(0, 1)),
                default: .value(.number(0.95)),
                "By what the rate is multiplied, or divided."
            ),
            .patience(
                10,
                "How many equal verdicts in a row are borne; the next one moves the rate."
            ),
            .threshold(1e-6),
            .choice(
                "threshold_mode",
                ImprovementMargin.Mode.absolute,
                "Whether the threshold is a share of the best or a difference."
            ),
            .cooldown("How many reports after a fall are not seen."),
            ScheduleParameter(
                "rise_cooldown",
                .count(atLeast: 0),
                default: .value(.count(0)),
                "How many reports after a rise are not seen."
            ),
            ScheduleParameter(
                "window",
                .count(atLeast: 1),
                default: .value(.count(1)),
                "Over how many reports their mean is taken."
            ),
            ScheduleParameter(
                "start",
                .target,
                default: .value(.target(.fractionOfPeak(1))),
                "The rate at the beginning; at most the peak."
            ),
            ScheduleParameter(
                "reset_after",
                .count(atLeast: 1),
                default: .value(.count(500)),
                "After how many falls at the floor in a row everything begins anew."
            ),
        ],
        checkUnderPeak: { arguments, peak, floor in
            let start = arguments.target("start").rate(peak: peak)
            guard start > 0, start <= peak, start >= floor ?? 0 else {
                return [
                    .conflict(
                        "start",
                        detail: "\(start.plain) does not lie between the floor, "
                            + "\((floor ?? 0).plain), and the learning_rate, \(peak.plain)"
                    )
                ]
            }
            return []
        },
        resolve: { arguments, scope in
            scope.feedback(
                arguments,
                initial: arguments.target("start").rate(peak: scope.peak),
                policy: .greedy(
                    GreedyRule(
                        factor: arguments.number("factor"),
                        patience: arguments.count("patience"),
                        margin: arguments.margin,
                        cooldown: arguments.count("cooldown"),
                        riseCooldown: arguments.count("rise_cooldown"),
                        window: arguments.count("window"),
                        ceiling: scope.peak,
                        resetAfter: arguments.count("reset_after")
                    )
                )
            )
        }
    )
}

extension Curve {
    /// A rate that rises while a metric improves and falls while it does not.
    ///
    /// After `patience` + 1 improvements in a row the rate is min(rate / factor, peak), after as many reports
    /// without one max(rate · factor, floor), the schedule's floor. Reports during cooldowns are not seen.
    ///
    /// Source: Hugging Face Transformers, GreedyLR.
    ///
    /// - Parameters:
    ///   - monitor: The metric that is watched.
    ///   - mode: Whether smaller or greater reports are better; by the monitor's name where it is `nil`.
    ///   - factor: By what the rate is multiplied, or divided; above 0 and below 1.
    ///   - patience: How many equal verdicts in a row are borne.
    ///   - margin: By how much a report must beat the best.
    ///   - cooldown: How many reports after a fall are not seen.
    ///   - riseCooldown: How many reports after a rise are not seen.
    ///   - window: Over how many reports their mean is taken.
    ///   - start: The rate at the beginning.
    ///   - resetAfter: After how many falls at the floor in a row everything begins anew.
    /// - Returns: The curve.
    /// - Throws: A `ScheduleError` that names the parameter.
    public static func greedy(
        monitor: String = "validation_loss",
        mode: FeedbackRule.Mode? = nil,
        factor: Double = 0.95,
        patience: Int = 10,
        margin: ImprovementMargin = ImprovementMargin(1e-6, .absolute),
        cooldown: Int = 0,
        riseCooldown: Int = 0,
        window: Int = 1,
        start: Target = .fractionOfPeak(1),
        resetAfter: Int = 500
    ) throws(ScheduleError) -> Curve {
        var values: [String: ParameterValue] = [
            "monitor": .name(monitor), "factor": .number(factor), "patience": .count(patience),
            "threshold": .number(margin.threshold),
            "threshold_mode": .choice(margin.mode.rawValue),
            "cooldown": .count(cooldown), "rise_cooldown": .count(riseCooldown),
            "window": .count(window), "start": .target(start), "reset_after": .count(resetAfter),
        ]
        values["mode"] = mode.map { .choice($0.rawValue) }
        return try ScheduleType.greedy.make(values)
    }
}
