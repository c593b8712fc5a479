extension NativeForm {
    static func torch(_ name: String, _ request: Request) throws -> NativeForm? {
        let rate = request.rate
        switch name {
        case "StepLR":
            return NativeForm(
                try .step(every: request.length("step_size"), factor: request.number("gamma")),
                peak: rate
            )
        case "LambdaLR": return try table(request)
        case "MultiStepLR":
            return try milestones(
                request.arguments.numbers("milestones").sorted(),
                factor: request.number("gamma"),
                request
            )
        case "ConstantLR":
            let low = rate * (try request.number("factor"))
            return try staircase([request.number("total_iters")], [low, rate], request)
        case "LinearLR": return try line(request)
        case "ExponentialLR", "MultiplicativeLR":
            let factor = try request.number(name == "ExponentialLR" ? "gamma" : "constant")
            return NativeForm(
                try .exponential(factor: factor, every: request.length(1)),
                peak: rate
            )
        case "PolynomialLR":
            return NativeForm(
                try .polynomial(
                    power: request.number("power"),
                    over: request.length("total_iters")
                ),
                peak: rate
            )
        case "CosineAnnealingLR":
            return NativeForm(
                try .cosine(
                    to: .value(request.number("eta_min")),
                    over: request.length("T_max")
                ),
                peak: rate
            )
        case "CosineAnnealingWarmRestarts":
            return NativeForm(
                try .cosineRestarts(
                    firstCycle: request.length("T_0"),
                    cycleFactor: request.number("T_mult"),
                    to: .value(request.number("eta_min"))
                ),
                peak: rate
            )
        case "CyclicLR": return try waves(request)
        case "OneCycleLR": return try oneCycle(request)
        case "ReduceLROnPlateau": return try plateau(request)
        case "SequentialLR": return try sequence(request)
        case "ChainedScheduler": return try chain(request)
        default: return nil
        }
    }

    /// The table's factors as stairs, where they are few.
    private static func table(_ request: Request) throws -> NativeForm? {
        let factors = try request.arguments.numbers("table")
        let marks = factors.indices.filter { $0 > 0 && factors[$0] != factors[$0 - 1] }
        guard let first = factors.first, marks.count <= NativePhases.limit else { return nil }
        return try staircase(
            marks.map(Double.init),
            ([first] + marks.map { factors[$0] }).map { request.rate * $0 },
            request
        )
    }

    private static func line(_ request: Request) throws -> NativeForm {
        let start = request.rate * (try request.number("start_factor"))
        let end = request.rate * (try request.number("end_factor"))
        let total = try request.length("total_iters")
        if start >= end {
            return NativeForm(try .linear(to: .value(end), over: total), peak: start)
        }
        return NativeForm(
            try .interpolated(knots: [
                Knot(at: .steps(0), rate: .value(start)), Knot(at: total, rate: .value(end)),
            ]),
            peak: end
        )
    }

    private static func waves(_ request: Request) throws -> NativeForm {
        let arguments = request.arguments
        let mode = try arguments.text("mode")
        let momentum =
            try arguments.flag("cycle_momentum")
            ? MomentumRange(
                high: request.number("max_momentum"),
                low: request.number("base_momentum")
            ) : nil
        let down = try arguments.optionalNumber("step_size_down").map(request.length)
        return NativeForm(
            try .cyclic(
                rise: request.length("step_size_up"),
                fall: down,
                base: .value(request.number("base_lr")),
                halving: mode == "triangular2",
                factor: mode == "exp_range" ? request.number("gamma") : nil,
                momentum: momentum
            ),
            peak: try request.number("max_lr")
        )
    }

    /// The ways end a call before their shares of the total, and the last divisor is of the start.
    private static func oneCycle(_ request: Request) throws -> NativeForm? {
        let arguments = request.arguments
        let epochs = try arguments.optionalNumber("epochs") ?? 0
        let perEpoch = try arguments.optionalNumber("steps_per_epoch") ?? 0
        let total = try arguments.optionalNumber("total_steps") ?? epochs * perEpoch
        let rise = (try request.number("pct_start") * total).rounded() - 1
        guard try !arguments.flag("three_phase"), rise >= 1, total > rise + 1 else { return nil }
        let divisor = try request.number("div_factor")
        let momentum =
            try arguments.flag("cycle_momentum")
            ? MomentumRange(
                high: request.number("max_momentum"),
                low: request.number("base_momentum")
            ) : nil
        return NativeForm(
            try .oneCycle(
                rise: request.length(rise),
                startDivisor: divisor,
                endDivisor: divisor * request.number("final_div_factor"),
                linear: arguments.text("anneal_strategy") == "linear",
                momentum: momentum,
                over: request.length(total - 1)
            ),
            peak: try request.number("max_lr")
        )
    }

    /// A relative threshold points the right way for negative metrics only in the native rule.
    static func plateau(_ request: Request) throws -> NativeForm {
        let arguments = request.arguments
        let mode = try arguments.text("mode") == "max" ? FeedbackRule.Mode.maximum : .minimum
        let unit = try arguments.text("threshold_mode")
        let floor = try request.number("min_lr")
        return NativeForm(
            try .reduceOnPlateau(
                monitor: mode == .maximum ? "validation_accuracy" : "validation_loss",
                mode: mode,
                factor: request.number("factor"),
                patience: arguments.integer("patience"),
                margin: ImprovementMargin(
                    request.number("threshold"),
                    unit == "abs" ? .absolute : .relative
                ),
                cooldown: arguments.integer("cooldown")
            ),
            peak: request.rate,
            floor: floor > 0 ? floor : nil,
            notes: unit == "rel"
                ? [
                    "a relative threshold is a share of |best| here; for negative metrics the library's "
                        + "points the other way"
                ] : []
        )
    }

    private static func child(
        _ nested: (name: String, parameters: [String: LibraryValue]),
        _ request: Request,
        rate: Double
    ) throws -> NativeForm? {
        guard let entry = Library.torch.entry(named: nested.name) else { return nil }
        return try torch(
            entry.name,
            request.nested(entry.arguments(nested.parameters), rate: rate, calls: request.calls)
        )
    }

    private static func sequence(_ request: Request) throws -> NativeForm? {
        let marks = try request.arguments.numbers("milestones")
        var phases = NativePhases(request)
        for (index, nested) in try request.arguments.nested("schedulers").enumerated() {
            guard let form = try child(nested, request, rate: request.rate) else { return nil }
            let start = index == 0 ? 0 : marks[index - 1]
            phases.add(form, calls: index < marks.count ? marks[index] - start : nil)
        }
        return try phases.form()
    }

    /// Children in closed form; one whose greatest factor is not 1 is a sequence of one phase with that peak.
    private static func chain(_ request: Request) throws -> NativeForm? {
        var factors: [Curve] = []
        for nested in try request.arguments.nested("schedulers") {
            guard let form = try child(nested, request, rate: 1), form.floor == nil else {
                return nil
            }
            factors.append(
                form.peak == 1
                    ? form.curve
                    : try .sequence([
                        Phase(length: nil, curve: form.curve, learningRate: form.peak)
                    ])
            )
        }
        return NativeForm(try .product(factors), peak: request.rate)
    }
}
