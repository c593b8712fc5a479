extension ScheduleType {
    /// How the height of the waves changes.
    enum WaveMode: String, CaseIterable {
        case triangular, halving, exponential
    }

    static let cyclic = ScheduleType(
        name: "cyclic",
        summary: "Straight waves between a base and the peak.",
        formula:
            "rate(t) = base + (peak − base) · h · a; h rises from 0 to 1 over `rise` and falls over "
            + "`fall`; a = 1, 2^(−cycle) or factor^t",
        source: "Smith 2017, \"Cyclical Learning Rates for Training Neural Networks\", section 3",
        parameters: [
            ScheduleParameter(
                "rise",
                .length,
                default: .required,
                "The way from the base to the peak."
            ),
            ScheduleParameter(
                "fall",
                .length,
                default: .derived("as long as the rise"),
                "The way back."
            ),
            ScheduleParameter(
                "base",
                .target,
                default: .value(.target(.fractionOfPeak(0.1))),
                "The rate at which each wave begins and ends; at most the peak."
            ),
            .choice(
                "shape",
                WaveMode.triangular,
                "Whether the waves are equal, halve with each cycle or shrink with each step."
            ),
            ScheduleParameter(
                "factor",
                .number(.above(0, through: 1)),
                default: .derived("required where shape is exponential, else absent"),
                "By what the height of an exponential wave is multiplied at each step."
            ),
            ScheduleParameter(
                "momentum",
                .momentum,
                default: .value(.momentum(nil)),
                "The momenta at the base and at the peak; null leaves the optimizer's."
            ),
        ],
        check: { arguments in
            let mode: WaveMode = arguments.choice("shape")
            return arguments.companion(
                "factor",
                of: "shape",
                mode.rawValue,
                needed: mode == .exponential
            )
        },
        checkUnderPeak: { arguments, peak, _ in arguments.excess("base", over: peak) },
        resolve: { arguments, scope in
            let rise = Double(scope.steps(arguments.length("rise")))
            let fall = arguments.optionalLength("fall").map { Double(scope.steps($0)) } ?? rise
            let base = arguments.target("base").rate(peak: scope.peak)
            let mode: WaveMode = arguments.choice("shape")
            let damping: Damping =
                switch mode {
                case .triangular: .none
                case .halving: .halving
                case .exponential: .exponential(factor: arguments.number("factor"))
                }
            var lanes = scope.whole(
                .wave(base: base, crest: scope.peak, rise: rise, fall: fall, damping)
            )
            if let momentum = arguments.momentum("momentum") {
                lanes.momentum = [
                    scope.segment(
                        .wave(
                            base: momentum.high,
                            crest: momentum.low,
                            rise: rise,
                            fall: fall,
                            damping
                        )
                    )
                ]
            }
            return lanes
        }
    )
}

extension Curve {
    /// Straight waves between a base and the peak, with the momentum moving against them where it is given.
    ///
    /// rate(t) = base + (peak − base) · h · a; h rises from 0 to 1 over `rise` and falls over `fall`;
    /// a is 1, 2^(−cycle) for halving waves, factor^t where a factor is given.
    ///
    /// Source: Smith 2017, "Cyclical Learning Rates for Training Neural Networks", section 3.
    ///
    /// - Parameters:
    ///   - rise: The way from the base to the peak.
    ///   - fall: The way back; as long as the rise where it is `nil`.
    ///   - base: The rate at which each wave begins; at most the peak.
    ///   - halving: Whether each wave is half as high as the one before.
    ///   - factor: By what the height is multiplied at each step; `nil` for waves that do not shrink so.
    ///   - momentum: The momenta at the base and at the peak.
    /// - Returns: The curve.
    /// - Throws: A `ScheduleError` that names the parameter.
    public static func cyclic(
        rise: Length,
        fall: Length? = nil,
        base: Target = .fractionOfPeak(0.1),
        halving: Bool = false,
        factor: Double? = nil,
        momentum: MomentumRange? = nil
    ) throws(ScheduleError) -> Curve {
        let mode: ScheduleType.WaveMode =
            halving ? .halving : factor == nil ? .triangular : .exponential
        var values: [String: ParameterValue] = [
            "rise": .length(rise), "base": .target(base), "shape": .choice(mode.rawValue),
            "momentum": .momentum(momentum),
        ]
        values["fall"] = fall.map { .length($0) }
        values["factor"] = factor.map { .number($0) }
        return try ScheduleType.cyclic.make(values)
    }
}
