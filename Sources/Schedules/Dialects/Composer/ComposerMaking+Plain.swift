internal import Foundation

extension ComposerMaking {
    /// The schedulers without a warm-up.
    static let plain: [ComposerMaking] = [
        ComposerMaking(name: "StepScheduler", parameters: [("step_size", nil), ("gamma", 0.1)]) {
            (arguments, time) throws(LibraryFailure) in
            let size = try time.batches(arguments.text("step_size"))
            let gamma = try arguments.number("gamma")
            return { (t) throws(LibraryFailure) in
                let passed = try PythonNumber.divide(t, size).rounded(.towardZero)
                return try PythonNumber.power(gamma, passed)
            }
        },
        ComposerMaking(
            name: "MultiStepScheduler",
            parameters: [("milestones", nil), ("gamma", 0.1)]
        ) { (arguments, time) throws(LibraryFailure) in try steps(arguments, time) },
        ComposerMaking(
            name: "ConstantScheduler",
            parameters: [("alpha", 1), ("t_max", "1dur")]
        ) { (arguments, time) throws(LibraryFailure) in try constant(arguments, time) },
        ComposerMaking(
            name: "LinearScheduler",
            parameters: [("alpha_i", 1), ("alpha_f", 0), ("t_max", "1dur")]
        ) { (arguments, time) throws(LibraryFailure) in
            line(
                from: try arguments.number("alpha_i"),
                to: try arguments.number("alpha_f"),
                over: try time.batches(arguments.text("t_max"))
            )
        },
        ComposerMaking(
            name: "ExponentialScheduler",
            parameters: [("gamma", nil), ("decay_period", "1ep")]
        ) { (arguments, time) throws(LibraryFailure) in
            let period = try time.batches(arguments.text("decay_period"))
            let gamma = try arguments.number("gamma")
            return { (t) throws(LibraryFailure) in
                try PythonNumber.power(gamma, PythonNumber.divide(t, period))
            }
        },
        ComposerMaking(
            name: "CosineAnnealingScheduler",
            parameters: [("t_max", "1dur"), ("alpha_f", 0)]
        ) { (arguments, time) throws(LibraryFailure) in
            let period = try time.batches(arguments.text("t_max"))
            let least = try arguments.number("alpha_f")
            return { (t) throws(LibraryFailure) in
                cosine(try PythonNumber.divide(t, period), least)
            }
        },
        restarts,
        ComposerMaking(
            name: "PolynomialScheduler",
            parameters: [("power", nil), ("t_max", "1dur"), ("alpha_f", 0)]
        ) { (arguments, time) throws(LibraryFailure) in
            let period = try time.batches(arguments.text("t_max"))
            let power = try arguments.number("power")
            let least = try arguments.number("alpha_f")
            return { (t) throws(LibraryFailure) in
                let left = 1 - min(1, try PythonNumber.divide(t, period))
                return least + (try PythonNumber.power(left, power)) * (1 - least)
            }
        },
    ]

    static func steps(
        _ arguments: LibraryArguments,
        _ time: ComposerTime
    ) throws(LibraryFailure) -> Factor {
        let marks = try milestones(arguments, time)
        let gamma = try arguments.number("gamma")
        return { t in marks.reduce(1) { t >= $1 ? $0 * gamma : $0 } }
    }

    /// The milestones' times, each a string, in batches.
    static func milestones(
        _ arguments: LibraryArguments,
        _ time: ComposerTime
    ) throws(LibraryFailure) -> [Double] {
        guard case .list(let items) = arguments.value("milestones") else {
            throw .type("milestones must be a list of times")
        }
        var milestones: [Double] = []
        for item in items {
            guard case .text(let text) = item else {
                throw .type("milestones must be a list of times, got \(item)")
            }
            milestones.append(try time.batches(text))
        }
        return milestones
    }

    static func constant(
        _ arguments: LibraryArguments,
        _ time: ComposerTime
    ) throws(LibraryFailure) -> Factor {
        let period = try time.batches(arguments.text("t_max"))
        let alpha = try arguments.number("alpha")
        return { t in t < period ? alpha : 1 }
    }

    static func line(from start: Double, to end: Double, over period: Double) -> Factor {
        { (t) throws(LibraryFailure) in
            let x = min(1, try PythonNumber.divide(t, period))
            return start + x * (end - start)
        }
    }

    /// A half wave from 1 to `least`, held after.
    static func cosine(_ x: Double, _ least: Double) -> Double {
        least + (1 - least) * (1 + cos(.pi * min(max(x, 0), 1))) / 2
    }

    private static let restarts = ComposerMaking(
        name: "CosineAnnealingWarmRestartsScheduler",
        parameters: [("t_0", nil), ("t_mult", 1), ("alpha_f", 0)]
    ) { (arguments, time) throws(LibraryFailure) in
        let first = try time.batches(arguments.text("t_0"))
        let growth = try arguments.number("t_mult")
        let least = try arguments.number("alpha_f")
        return { (t) throws(LibraryFailure) in
            var length = first
            var end = first
            while end <= t {
                guard length > 0 else {
                    throw .value("the interval between restarts has fallen to 0")
                }
                let next = (growth * length).rounded(.towardZero)
                // Equal cycles are skipped in one go, up to the one that holds t.
                end += next == length ? length * max(1, ((t - end) / length).rounded(.down)) : next
                length = next
            }
            return cosine(try PythonNumber.divide(t - (end - length), length), least)
        }
    }
}
