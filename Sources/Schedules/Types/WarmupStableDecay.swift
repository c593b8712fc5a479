extension ScheduleType {
    static let warmupStableDecay = ScheduleType(
        name: "warmup_stable_decay",
        summary:
            "The peak for most of the run, then a cooldown; the warm-up is `warmup`, as everywhere.",
        formula:
            "rate(t) = peak until over − cooldown, then to + (peak − to) · s(x) over the cooldown; "
            + "s(x) = 1 − √x, 1 − x, ½ (1 + cos πx), 1 − x^p or (r^x − r) / (1 − r)",
        source: "Hu et al. 2024, \"MiniCPM\", section 4; Hägele et al. 2024, \"Scaling Laws and "
            + "Compute-Optimal Training Beyond Fixed Training Durations\", section 4",
        parameters: [
            ScheduleParameter(
                "cooldown",
                .length,
                default: .value(.length(.fraction(0.2))),
                "The fall at the end of `over`."
            ),
            .choice("cooldown_shape", CooldownShape.Word.oneMinusSquareRoot, "Its course s(x)."),
            ScheduleParameter(
                "cooldown_power",
                .number(.positive),
                default: .derived("required where cooldown_shape is power, else absent"),
                "The exponent p; 0.5 is one_minus_sqrt, 1 is linear."
            ),
            ScheduleParameter(
                "cooldown_ratio",
                .number(.between(0, 1)),
                default: .derived("required where cooldown_shape is exponential, else absent"),
                "The ratio r; the smaller, the faster the first fall."
            ),
            .to, .over,
        ],
        check: { arguments in
            let word: CooldownShape.Word = arguments.choice("cooldown_shape")
            return arguments.companion(
                "cooldown_power",
                of: "cooldown_shape",
                word.rawValue,
                needed: word == .power
            )
                + arguments.companion(
                    "cooldown_ratio",
                    of: "cooldown_shape",
                    word.rawValue,
                    needed: word == .exponential
                )
        },
        resolve: { arguments, scope throws(ScheduleError) in
            let over = scope.steps(arguments.optionalLength("over"))
            let cooldown = scope.steps(arguments.length("cooldown"))
            guard cooldown <= over else {
                throw .conflict(
                    "cooldown",
                    detail: "\(cooldown) steps are longer than the whole schedule of \(over) steps"
                )
            }
            let word: CooldownShape.Word = arguments.choice("cooldown_shape")
            let passage: Passage =
                switch word {
                case .oneMinusSquareRoot: .oneMinusSquareRoot
                case .linear: .linear
                case .cosine: .cosine
                case .power: .oneMinusPower(power: arguments.number("cooldown_power"))
                case .exponential: .exponential(ratio: arguments.number("cooldown_ratio"))
                }
            let fall = Shape.passage(
                from: scope.peak,
                to: arguments.target("to").rate(peak: scope.peak),
                over: Double(cooldown),
                progressPower: 1,
                passage
            )
            return Lanes(rate: [
                scope.segment(.constant(scope.peak)), scope.segment(at: over - cooldown, fall),
            ])
        }
    )
}

extension Curve {
    /// The peak for most of the run, then a cooldown; the warm-up is the schedule's own.
    ///
    /// rate(t) = peak until over − cooldown, then to + (peak − to) · s(x) over the cooldown's progress x.
    ///
    /// Source: Hu et al. 2024, "MiniCPM", section 4; Hägele et al. 2024, "Scaling Laws and Compute-Optimal
    /// Training Beyond Fixed Training Durations", section 4.
    ///
    /// - Parameters:
    ///   - cooldown: The fall at the end of `over`; not longer than it.
    ///   - shape: Its course s(x).
    ///   - to: The rate at t = over and after.
    ///   - over: The whole without the warm-up; the rest of the run or phase where it is `nil`.
    /// - Returns: The curve.
    /// - Throws: A `ScheduleError` that names the parameter.
    public static func warmupStableDecay(
        cooldown: Length = .fraction(0.2),
        shape: CooldownShape = .oneMinusSquareRoot,
        to: Target = .value(0),
        over: Length? = nil
    ) throws(ScheduleError) -> Curve {
        var values: [String: ParameterValue] = ["cooldown": .length(cooldown), "to": .target(to)]
        values["over"] = over.map { .length($0) }
        let word: CooldownShape.Word
        switch shape {
        case .oneMinusSquareRoot: word = .oneMinusSquareRoot
        case .linear: word = .linear
        case .cosine: word = .cosine
        case .power(let power):
            word = .power
            values["cooldown_power"] = .number(power)
        case .exponential(let ratio):
            word = .exponential
            values["cooldown_ratio"] = .number(ratio)
        }
        values["cooldown_shape"] = .choice(word.rawValue)
        return try ScheduleType.warmupStableDecay.make(values)
    }
}
