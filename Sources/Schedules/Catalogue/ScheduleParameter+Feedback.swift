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

    /// How long a verdict is borne.
    static func patience(_ reports: Int, _ summary: String) -> ScheduleParameter {
        ScheduleParameter("patience", .count(atLeast: 0), default: .value(.count(reports)), summary)
    }

    /// By how much a report must beat the best.
    static func threshold(_ margin: Double) -> ScheduleParameter {
        ScheduleParameter(
            "threshold",
            .number(.from(0)),
            default: .value(.number(margin)),
            "By how much a report must beat the best to count as an improvement."
        )
    }

    /// How long reports do not count.
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
