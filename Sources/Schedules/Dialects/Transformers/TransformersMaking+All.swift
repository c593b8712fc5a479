internal import Foundation

extension TransformersMaking {
    private typealias Parameters = [(name: String, defaultValue: LibraryValue?)]

    private static let warmup: Parameters = [("num_warmup_steps", nil)]
    private static let extent: Parameters = [
        ("num_warmup_steps", nil), ("num_training_steps", nil),
    ]
    private static let least: Parameters = [
        ("num_cycles", 0.5), ("min_lr", .null), ("min_lr_rate", .null),
    ]

    static let all: [TransformersMaking] = [
        TransformersMaking("constant", "get_constant_schedule", unused) { _, _ in { _ in 1 } },
        TransformersMaking(
            "constant_with_warmup",
            "get_constant_schedule_with_warmup",
            warmup + [("num_training_steps", .null)]
        ) { (arguments, _) throws(LibraryFailure) in
            let steps = try arguments.number("num_warmup_steps")
            return { t in warmup(t, steps) ?? 1 }
        },
        TransformersMaking("linear", "get_linear_schedule_with_warmup", extent) {
            (arguments, _) throws(LibraryFailure) in
            let (steps, total) = try extent(arguments)
            return { t in
                warmup(t, steps) ?? max(0, (total - t) / max(1, total - steps))
            }
        },
        TransformersMaking(
            "cosine",
            "get_cosine_schedule_with_warmup",
            extent + [("num_cycles", 0.5)]
        ) { (arguments, _) throws(LibraryFailure) in
            try cosine(arguments, leastShare: 0)
        },
        TransformersMaking(
            "cosine_with_restarts",
            "get_cosine_with_hard_restarts_schedule_with_warmup",
            extent + [("num_cycles", 1)]
        ) { (arguments, _) throws(LibraryFailure) in
            let (steps, total) = try extent(arguments)
            let cycles = try arguments.number("num_cycles")
            return { (t) throws(LibraryFailure) in
                if let rise = warmup(t, steps) { return rise }
                let progress = (t - steps) / max(1, total - steps)
                if progress >= 1 { return 0 }
                let place = try PythonNumber.divideDown(cycles * progress, 1).remainder
                return max(0, 0.5 * (1 + cos(.pi * place)))
            }
        },
        TransformersMaking(
            "polynomial",
            "get_polynomial_decay_schedule_with_warmup",
            extent + [("lr_end", 1e-7), ("power", 1)]
        ) { (arguments, rate) throws(LibraryFailure) in
            let (steps, total) = try extent(arguments)
            let end = try arguments.number("lr_end")
            let power = try arguments.number("power")
            guard rate > end else {
                throw .value(
                    "lr_end, \(end.plain), must be below the learning_rate, \(rate.plain)"
                )
            }
            return { (t) throws(LibraryFailure) in
                if let rise = warmup(t, steps) { return rise }
                if t > total { return end / rate }
                let left = 1 - (try PythonNumber.divide(t - steps, total - steps))
                return ((rate - end) * (try PythonNumber.power(left, power)) + end) / rate
            }
        },
        TransformersMaking(
            "inverse_sqrt",
            "get_inverse_sqrt_schedule",
            warmup + [("num_training_steps", .null), ("timescale", .null)]
        ) { (arguments, _) throws(LibraryFailure) in
            let steps = try arguments.number("num_warmup_steps")
            let timescale =
                try arguments.optionalNumber("timescale") ?? (steps == 0 ? 10_000 : steps)
            return { (t) throws(LibraryFailure) in
                if let rise = warmup(t, steps) { return rise }
                let age = try PythonNumber.divide(t + timescale - steps, timescale)
                return try PythonNumber.divide(1, PythonNumber.squareRoot(age))
            }
        },
        TransformersMaking(
            "cosine_with_min_lr",
            "get_cosine_with_min_lr_schedule_with_warmup",
            extent + least
        ) { (arguments, rate) throws(LibraryFailure) in
            try cosine(arguments, leastShare: leastShare(arguments, rate))
        },
        TransformersMaking(
            "cosine_warmup_with_min_lr",
            "get_cosine_with_min_lr_schedule_with_warmup_lr_rate",
            extent + least + [("warmup_lr_rate", .null)]
        ) { (arguments, rate) throws(LibraryFailure) in
            let (steps, total) = try extent(arguments)
            let cycles = try arguments.number("num_cycles")
            let share = try leastShare(arguments, rate)
            let start = try arguments.optionalNumber("warmup_lr_rate")
            return { t in
                if t < steps {
                    guard let start else { return (t + 1) / max(1, steps) }
                    return start + (1 - start) * t / max(1, steps - 1)
                }
                let progress = (t - steps + 1) / max(1, total - steps)
                let wave = 0.5 * (1 + cos(.pi * cycles * 2 * progress))
                return max(0, wave * (1 - share) + share)
            }
        },
        stableDecay,
    ]

    private static func extent(
        _ arguments: LibraryArguments
    ) throws(LibraryFailure) -> (warmup: Double, total: Double) {
        (try arguments.number("num_warmup_steps"), try arguments.number("num_training_steps"))
    }

    private static func leastShare(
        _ arguments: LibraryArguments,
        _ rate: Double
    ) throws(LibraryFailure) -> Double {
        switch (try arguments.optionalNumber("min_lr"), try arguments.optionalNumber("min_lr_rate"))
        {
        case (.some, .some): throw .value("only one of min_lr and min_lr_rate can be set")
        case (let least?, nil): return try PythonNumber.divide(least, rate)
        case (nil, let share?): return share
        case (nil, nil): throw .value("one of min_lr and min_lr_rate must be set")
        }
    }

    /// Not clipped: past the end the wave goes on.
    private static func cosine(
        _ arguments: LibraryArguments,
        leastShare share: Double
    ) throws(LibraryFailure) -> Factor {
        let (steps, total) = try extent(arguments)
        let cycles = try arguments.number("num_cycles")
        return { t in
            if let rise = warmup(t, steps) { return rise }
            let progress = (t - steps) / max(1, total - steps)
            let wave = 0.5 * (1 + cos(.pi * cycles * 2 * progress))
            return max(0, wave * (1 - share) + share)
        }
    }

    private static let stableDecay = TransformersMaking(
        "warmup_stable_decay",
        "get_wsd_schedule",
        [
            ("num_warmup_steps", nil), ("num_decay_steps", nil), ("num_training_steps", .null),
            ("num_stable_steps", .null), ("warmup_type", "linear"), ("decay_type", "cosine"),
            ("min_lr_ratio", 0), ("num_cycles", 0.5),
        ]
    ) { (arguments, _) throws(LibraryFailure) in
        let rise = try arguments.number("num_warmup_steps")
        let fall = try arguments.number("num_decay_steps")
        let shapes = ["linear", "cosine", "1-sqrt"]
        let riseShape = try arguments.choice("warmup_type", of: shapes)
        let fallShape = try arguments.choice("decay_type", of: shapes)
        let share = try arguments.number("min_lr_ratio")
        let cycles = try arguments.number("num_cycles")
        var given = try arguments.optionalNumber("num_stable_steps")
        if given == nil, let total = try arguments.optionalNumber("num_training_steps") {
            given = total - rise - fall
        }
        guard let stable = given else {
            throw .value("num_training_steps or num_stable_steps must be given")
        }
        return { t in
            let x: Double
            let factor: Double
            if t < rise {
                x = t / max(1, rise)
                factor =
                    switch riseShape {
                    case "linear": x
                    case "cosine": 0.5 * (1 - cos(.pi * x))
                    default: 1 - (1 - x).squareRoot()
                    }
            } else if t < rise + stable {
                return 1
            } else if t < rise + stable + fall {
                x = (t - rise - stable) / max(1, fall)
                factor =
                    switch fallShape {
                    case "linear": 1 - x
                    case "cosine": 0.5 * (1 + cos(.pi * cycles * 2 * x))
                    default: 1 - x.squareRoot()
                    }
            } else {
                return share
            }
            return max(0, factor * (1 - share) + share)
        }
    }
}
