internal import Foundation

extension ComposerMaking {
    private static let warmup: [(name: String, defaultValue: LibraryValue?)] = [
        ("t_warmup", nil), ("scale_warmup", false),
    ]
    private static let end: [(name: String, defaultValue: LibraryValue?)] = [
        ("t_max", "1dur"), ("alpha_f", 0),
    ]

    /// The schedulers with a warm-up: the total includes it.
    static let warmed: [ComposerMaking] = [
        ComposerMaking(
            name: "MultiStepWithWarmupScheduler",
            parameters: warmup + [("milestones", nil), ("gamma", 0.1)]
        ) { (arguments, time) throws(LibraryFailure) in
            try rising(arguments, time, to: 1, steps(arguments, time))
        },
        ComposerMaking(
            name: "ConstantWithWarmupScheduler",
            parameters: warmup + [("alpha", 1), ("t_max", "1dur")]
        ) { (arguments, time) throws(LibraryFailure) in
            let alpha = try arguments.number("alpha")
            _ = try progressAfterWarmup(arguments, time)
            return try rising(arguments, time, to: alpha) { _ in alpha }
        },
        ComposerMaking(
            name: "LinearWithWarmupScheduler",
            parameters: warmup + [("alpha_i", 1), ("alpha_f", 0), ("t_max", "1dur")]
        ) { (arguments, time) throws(LibraryFailure) in
            let start = try arguments.number("alpha_i")
            let end = try arguments.number("alpha_f")
            let progress = try progressAfterWarmup(arguments, time)
            return try rising(arguments, time, to: start) { (t) throws(LibraryFailure) in
                start + (try progress(t)) * (end - start)
            }
        },
        ComposerMaking(
            name: "CosineAnnealingWithWarmupScheduler",
            parameters: warmup + end
        ) { (arguments, time) throws(LibraryFailure) in
            let least = try arguments.number("alpha_f")
            let progress = try progressAfterWarmup(arguments, time)
            return try rising(arguments, time, to: 1) { (t) throws(LibraryFailure) in
                cosine(try progress(t), least)
            }
        },
        ComposerMaking(
            name: "PolynomialWithWarmupScheduler",
            parameters: warmup + [("power", 2)] + end
        ) { (arguments, time) throws(LibraryFailure) in
            let power = try arguments.number("power")
            let least = try arguments.number("alpha_f")
            let progress = try progressAfterWarmup(arguments, time)
            return try rising(arguments, time, to: 1) { (t) throws(LibraryFailure) in
                let left = 1 - (try progress(t))
                return least + (try PythonNumber.power(left, power)) * (1 - least)
            }
        },
    ]

    /// A line from 0 to `alpha` over the warm-up, then `curve`.
    ///
    /// With `scale_warmup` the line is scaled by the ratio; the call at which it ends is not.
    private static func rising(
        _ arguments: LibraryArguments,
        _ time: ComposerTime,
        to alpha: Double,
        _ curve: @escaping Factor
    ) throws(LibraryFailure) -> Factor {
        let text = try arguments.text("t_warmup")
        let warmup = try time.batches(text, isScaled: false)
        let rise = line(
            from: 0,
            to: alpha,
            over: try time.batches(text, isScaled: arguments.flag("scale_warmup"))
        )
        return { (t) throws(LibraryFailure) in t < warmup ? try rise(t) : try curve(t) }
    }

    /// (t − w) / (t_max − w), at most 1; a `t_max` before the run's end is refused.
    private static func progressAfterWarmup(
        _ arguments: LibraryArguments,
        _ time: ComposerTime
    ) throws(LibraryFailure) -> Factor {
        let warmup = try time.batches(arguments.text("t_warmup"), isScaled: false)
        let period = try time.batches(arguments.text("t_max"))
        guard period >= time.total else {
            throw .value(
                "t_max, \(period.plain) batches, must not be below max_duration, "
                    + "\(time.total.plain) batches"
            )
        }
        return { t in period > warmup ? min(1, (t - warmup) / (period - warmup)) : 0 }
    }
}
