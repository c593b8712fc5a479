extension ScheduleType {
    /// The course of the rise and the fall.
    enum OneCycleShape: String, CaseIterable {
        case cosine, linear
    }

    static let oneCycle = ScheduleType(
        name: "one_cycle",
        summary:
            "One rise to the peak and one fall far below it, the momentum moving against them.",
        formula:
            "from peak / start_divisor to peak over `rise`, then to peak / end_divisor at t = over, "
            + "each along a half cosine or a line",
        source: "Smith & Topin 2019, \"Super-Convergence\", section 3; the two ways: fastai",
        parameters: [
            ScheduleParameter(
                "rise",
                .length,
                default: .value(.length(.fraction(0.3))),
                "The way from the start to the peak."
            ),
            ScheduleParameter(
                "start_divisor",
                .number(.from(1)),
                default: .value(.number(25)),
                "The peak divided by the rate at the start."
            ),
            ScheduleParameter(
                "end_divisor",
                .number(.from(1)),
                default: .value(.number(1e4)),
                "The peak divided by the rate at the end."
            ),
            .choice("shape", OneCycleShape.cosine, "The course of both ways."),
            ScheduleParameter(
                "momentum",
                .momentum,
                default: .value(.momentum(.oneCycle)),
                "The momenta at the ends and at the peak; null leaves the optimizer's."
            ),
            .over,
        ],
        resolve: { arguments, scope throws(ScheduleError) in
            let rise = scope.steps(arguments.length("rise"))
            let over = scope.steps(arguments.optionalLength("over"))
            guard rise <= over else {
                throw .conflict(
                    "rise",
                    detail: "\(rise) steps are longer than the whole cycle of \(over) steps"
                )
            }
            let shape: OneCycleShape = arguments.choice("shape")
            let passage: Passage = shape == .cosine ? .cosine : .linear
            func cycle(from start: Double, over crest: Double, to end: Double) -> [Segment] {
                [
                    scope.segment(
                        .passage(
                            from: start,
                            to: crest,
                            over: Double(rise),
                            progressPower: 1,
                            passage
                        )
                    ),
                    scope.segment(
                        at: rise,
                        .passage(
                            from: crest,
                            to: end,
                            over: Double(max(1, over - rise)),
                            progressPower: 1,
                            passage
                        )
                    ),
                ]
            }
            var lanes = Lanes(
                rate: cycle(
                    from: scope.peak / arguments.number("start_divisor"),
                    over: scope.peak,
                    to: scope.peak / arguments.number("end_divisor")
                )
            )
            if let momentum = arguments.momentum("momentum") {
                lanes.momentum = cycle(from: momentum.high, over: momentum.low, to: momentum.high)
            }
            return lanes
        }
    )
}

extension Curve {
    /// One rise to the peak and one fall far below it, the momentum moving against them.
    ///
    /// From peak / startDivisor to the peak over `rise`, then to peak / endDivisor, reached at t = over and
    /// held; each way follows a half cosine, or a line where `linear`.
    ///
    /// Source: Smith & Topin 2019, "Super-Convergence", section 3; the two ways: fastai.
    ///
    /// - Parameters:
    ///   - rise: The way from the start to the peak; not longer than `over`.
    ///   - startDivisor: The peak divided by the rate at the start; at least 1.
    ///   - endDivisor: The peak divided by the rate at the end; at least 1.
    ///   - linear: Whether both ways are straight.
    ///   - momentum: The momenta at the ends and at the peak; `nil` leaves the optimizer's.
    ///   - over: The whole cycle; the rest of the run or phase where it is `nil`.
    /// - Returns: The curve.
    /// - Throws: A `ScheduleError` that names the parameter.
    public static func oneCycle(
        rise: Length = .fraction(0.3),
        startDivisor: Double = 25,
        endDivisor: Double = 1e4,
        linear: Bool = false,
        momentum: MomentumRange? = .oneCycle,
        over: Length? = nil
    ) throws(ScheduleError) -> Curve {
        let shape: ScheduleType.OneCycleShape = linear ? .linear : .cosine
        var values: [String: ParameterValue] = [
            "rise": .length(rise), "start_divisor": .number(startDivisor),
            "end_divisor": .number(endDivisor), "shape": .choice(shape.rawValue),
            "momentum": .momentum(momentum),
        ]
        values["over"] = over.map { .length($0) }
        return try ScheduleType.oneCycle.make(values)
    }
}
