extension NativeForm {
    /// The native form of a scheduler of Composer; `nil` where there is none.
    static func composer(_ name: String, _ request: Request) throws -> NativeForm? {
        let arguments = request.arguments
        let time = try ComposerTime(LibraryClock(request.run))
        let rate = request.rate
        func batches(_ name: String) throws -> Double { try time.batches(arguments.text(name)) }
        func marks() throws -> [Double] { try ComposerMaking.milestones(arguments, time) }
        switch name {
        case "StepScheduler":
            return NativeForm(
                try .step(
                    every: request.length(batches("step_size")),
                    factor: request.number("gamma")
                ),
                peak: rate
            )
        case "MultiStepScheduler":
            return try .milestones(marks(), factor: request.number("gamma"), request)
        case "ConstantScheduler":
            let level = rate * (try request.number("alpha"))
            return try staircase([batches("t_max")], [level, rate], request)
        case "LinearScheduler":
            return try request.knots([
                (0, rate * request.number("alpha_i")),
                (batches("t_max"), rate * request.number("alpha_f")),
            ])
        case "ExponentialScheduler":
            return NativeForm(
                try .exponential(
                    factor: request.number("gamma"),
                    every: request.length(batches("decay_period"))
                ),
                peak: rate
            )
        case "CosineAnnealingScheduler", "PolynomialScheduler":
            return try composerFall(name, over: batches("t_max"), request)
        case "CosineAnnealingWarmRestartsScheduler":
            return try composerRestarts(first: batches("t_0"), request)
        default: break
        }
        guard name.hasSuffix("WithWarmupScheduler") else { return nil }
        let text = try arguments.text("t_warmup")
        let rise = try time.batches(text, isScaled: false)
        var peak = rate
        let form: NativeForm
        switch name {
        case "MultiStepWithWarmupScheduler":
            // Milestones count from the run's start there, from the warm-up's end here.
            form = try .milestones(
                marks().map { $0 - rise },
                factor: request.number("gamma"),
                request
            )
        case "ConstantWithWarmupScheduler":
            peak *= try request.number("alpha")
            form = NativeForm(.constant, peak: peak)
        case "LinearWithWarmupScheduler":
            let end = rate * (try request.number("alpha_f"))
            peak *= try request.number("alpha_i")
            form = try request.knots([(0, peak), (batches("t_max") - rise, end)])
        default: form = try composerFall(name, over: batches("t_max") - rise, request)
        }
        return try request.risen(form, over: rise, to: peak)
    }

    private static func composerFall(
        _ name: String,
        over calls: Double,
        _ request: Request
    ) throws -> NativeForm {
        let end = Target.fractionOfPeak(try request.number("alpha_f"))
        let over = request.length(max(1, calls))
        return NativeForm(
            name.hasPrefix("Cosine")
                ? try .cosine(to: end, over: over)
                : try .polynomial(power: request.number("power"), to: end, over: over),
            peak: request.rate
        )
    }

    /// Each length is cut to a whole number of batches there, so that a growth that is no whole number is written
    /// cycle by cycle.
    private static func composerRestarts(first: Double, _ request: Request) throws -> NativeForm? {
        let growth = try request.number("t_mult")
        let end = Target.fractionOfPeak(try request.number("alpha_f"))
        if growth >= 1, growth == growth.rounded() {
            return NativeForm(
                try .cosineRestarts(
                    firstCycle: request.length(first),
                    cycleFactor: growth,
                    to: end
                ),
                peak: request.rate
            )
        }
        var phases = NativePhases(request)
        var length = first
        while !phases.isFull {
            guard length > 0, phases.count < NativePhases.limit else { return nil }
            let fall = try Curve.cosine(to: end, over: request.length(length))
            phases.add(NativeForm(fall, peak: request.rate), calls: length)
            length = (growth * length).rounded(.towardZero)
        }
        return try phases.form()
    }
}
