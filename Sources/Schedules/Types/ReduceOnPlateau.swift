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
            ScheduleParameter(
                "threshold",
                .number(.from(0)),
                default: .value(.number(1e-4)),
                "By how much a report must beat the best to count as an improvement."
            ),
            .choice(
                "threshold_mode",
                PlateauRule.ThresholdMode.relative,
                "Whether the threshold is a share of the best or a difference."
            ),
            .cooldown("How many whole reports after a reduction are not counted."),
        ],
        resolve: { arguments, scope in
            scope.feedback(
                arguments,
                floor: scope.floor ?? 0,
                policy: .plateau(
                    PlateauRule(
                        factor: arguments.number("factor"),
                        patience: arguments.count("patience"),
                        threshold: arguments.number("threshold"),
                        thresholdMode: arguments.choice("threshold_mode"),
                        cooldown: arguments.count("cooldown")
                    )
                )
            )
        }
    )
}

extension ScheduleParameter {
    /// The metric that is watched.
    static let monitor = ScheduleParameter(
        "monitor",
        .name,
        default: .value(.name("validation_loss")),
        "The metric that is watched."
    )

    /// Which way the metric improves.
    static let mode = ScheduleParameter(
        "mode",
        .choice(FeedbackRule.Mode.allCases.map(\.rawValue)),
        default: .derived(
            "max where the monitor's name says accuracy, f1, auc or the like, else min"
        ),
        "Whether smaller or greater reports are better."
    )

    /// How long no improvement is borne.
    static func patience(_ reports: Int, _ summary: String) -> ScheduleParameter {
        ScheduleParameter("patience", .count(atLeast: 0), default: .value(.count(reports)), summary)
    }

    /// How long reports do not count after a reduction.
    static func cooldown(_ summary: String) -> ScheduleParameter {
        ScheduleParameter("cooldown", .count(atLeast: 0), default: .value(.count(0)), summary)
    }

    /// One of the words of a closed set.
    static func choice<Word: RawRepresentable<String> & CaseIterable>(
        _ name: String,
        _ word: Word,
        _ summary: String
    ) -> ScheduleParameter {
        ScheduleParameter(
            name,
            .choice(Word.allCases.map(\.rawValue)),
            default: .value(.choice(word.rawValue)),
            summary
        )
    }
}

extension Scope {
    /// The lanes of a fed-back rate that begins at the peak; reports count from the scope's start.
    func feedback(
        _ arguments: Arguments,
        floor: Double,
        policy: FeedbackRule.Policy
    ) -> Lanes {
        var lanes = whole(.feedback(initial: peak))
        let monitor = arguments.name("monitor")
        lanes.feedback = FeedbackRule(
            monitor: monitor,
            mode: arguments.optionalChoice("mode") ?? FeedbackRule.Mode(monitor: monitor),
            policy: policy,
            initial: peak,
            floor: floor,
            reports: origin..<(origin + length + 1)
        )
        return lanes
    }
}

extension Curve {
    /// A rate that falls when a metric stops improving.
    ///
    /// After `patience` + 1 reports without improvement the rate is max(rate · factor, floor), the schedule's
    /// floor, and the next `cooldown` reports are not counted. It holds from the next update. Reports during
    /// a warm-up are not seen; a metric that is not a number is no improvement.
    ///
    /// Source: PyTorch, ReduceLROnPlateau.
    ///
    /// - Parameters:
    ///   - monitor: The metric that is watched.
    ///   - mode: Whether smaller or greater reports are better; by the monitor's name where it is `nil`.
    ///   - factor: By what the rate is multiplied; above 0 and below 1.
    ///   - patience: How many reports without improvement are borne.
    ///   - threshold: By how much a report must beat the best.
    ///   - thresholdMode: Whether the threshold is a share of |best| or a difference.
    ///   - cooldown: How many reports after a reduction are not counted.
    /// - Returns: The curve.
    /// - Throws: A `ScheduleError` that names the parameter.
    public static func reduceOnPlateau(
        monitor: String = "validation_loss",
        mode: FeedbackRule.Mode? = nil,
        factor: Double = 0.1,
        patience: Int = 10,
        threshold: Double = 1e-4,
        thresholdMode: PlateauRule.ThresholdMode = .relative,
        cooldown: Int = 0
    ) throws(ScheduleError) -> Curve {
        var values: [String: ParameterValue] = [
            "monitor": .name(monitor), "factor": .number(factor), "patience": .count(patience),
            "threshold": .number(threshold), "threshold_mode": .choice(thresholdMode.rawValue),
            "cooldown": .count(cooldown),
        ]
        values["mode"] = mode.map { .choice($0.rawValue) }
        return try ScheduleType.reduceOnPlateau.make(values)
    }
}
