internal import Foundation

extension LibraryEntry {
    /// The schedules of `keras.optimizers.schedules`, and the plateau callback.
    ///
    /// Keras keeps the cosine schedules partly in 32-bit floats; here they are exact in 64 bits, as they would
    /// be with `floatx` 64 throughout.
    static let keras: [LibraryEntry] = [
        LibraryEntry(
            "ExponentialDecay",
            [
                "initial_learning_rate": nil, "decay_steps": nil, "decay_rate": nil,
                "staircase": false, "name": .null,
            ]
        ) { (arguments, _) throws(LibraryFailure) in
            let (initial, steps) = try kerasStart(arguments, "decay_steps")
            let factor = try arguments.number("decay_rate")
            let isStaircase = try arguments.flag("staircase")
            return try PositionScheduler { position in
                let p = Double(position) / steps
                return initial * pow(factor, isStaircase ? p.rounded(.down) : p)
            }
        },
        kerasPiecewiseConstant,
        LibraryEntry(
            "PolynomialDecay",
            [
                "initial_learning_rate": nil, "decay_steps": nil, "end_learning_rate": 0.0001,
                "power": 1, "cycle": false, "name": .null,
            ]
        ) { (arguments, _) throws(LibraryFailure) in
            let (initial, steps) = try kerasStart(arguments, "decay_steps")
            let end = try arguments.number("end_learning_rate")
            let power = try arguments.number("power")
            let goesAround = try arguments.flag("cycle")
            return try PositionScheduler { position in
                let t = Double(position)
                let cycles = t == 0 ? 1 : (t / steps).rounded(.up)
                let p = goesAround ? t / (steps * cycles) : min(t, steps) / steps
                return (initial - end) * pow(1 - p, power) + end
            }
        },
        LibraryEntry(
            "InverseTimeDecay",
            [
                "initial_learning_rate": nil, "decay_steps": nil, "decay_rate": nil,
                "staircase": false, "name": .null,
            ]
        ) { (arguments, _) throws(LibraryFailure) in
            let (initial, steps) = try kerasStart(arguments, "decay_steps")
            let factor = try arguments.number("decay_rate")
            let isStaircase = try arguments.flag("staircase")
            return try PositionScheduler { position in
                let p = Double(position) / steps
                return initial / (1 + factor * (isStaircase ? p.rounded(.down) : p))
            }
        },
        kerasCosine, kerasRestarts, kerasPlateau,
    ]

    /// The initial rate and the length that every decay has; the length must be above 0.
    private static func kerasStart(
        _ arguments: LibraryArguments,
        _ length: String
    ) throws(LibraryFailure) -> (initial: Double, steps: Double) {
        let steps = try arguments.number(length)
        guard steps > 0 else { throw .value("\(length) must be above 0, got \(steps.plain)") }
        return (try arguments.number("initial_learning_rate"), steps)
    }

    /// A boundary's own step still has the old value; each range is a mask, and masks are added.
    private static let kerasPiecewiseConstant = LibraryEntry(
        "PiecewiseConstantDecay",
        ["boundaries": nil, "values": nil, "name": .null]
    ) { (arguments, _) throws(LibraryFailure) in
        let boundaries = try arguments.numbers("boundaries").map { $0.rounded(.towardZero) }
        let values = try arguments.numbers("values")
        guard boundaries.count == values.count - 1 else {
            throw .value(
                "boundaries must be one fewer than values, got \(boundaries.count) and "
                    + "\(values.count)"
            )
        }
        guard let first = boundaries.first, let last = boundaries.last else {
            throw .index("boundaries is empty")
        }
        return try PositionScheduler { position in
            let t = Double(position)
            var value = (t <= first ? values[0] : 0) + (t > last ? values[values.count - 1] : 0)
            for index in boundaries.indices.dropLast()
            where t > boundaries[index] && t <= boundaries[index + 1] {
                value += values[index + 1]
            }
            return value
        }
    }

    private static let kerasCosine = LibraryEntry(
        "CosineDecay",
        [
            "initial_learning_rate": nil, "decay_steps": nil, "alpha": 0, "name": .null,
            "warmup_target": .null, "warmup_steps": 0,
        ]
    ) { (arguments, _) throws(LibraryFailure) in
        let (initial, steps) = try kerasStart(arguments, "decay_steps")
        let alpha = try arguments.number("alpha")
        let target = try arguments.optionalNumber("warmup_target")
        let warmup = target == nil ? 0 : try arguments.number("warmup_steps")
        return try PositionScheduler { position in
            let t = min(Double(position), steps + warmup)
            if let target, t < warmup { return (target - initial) * (t / warmup) + initial }
            let cosine = 0.5 * (1 + cos(.pi * ((t - warmup) / steps)))
            return (target ?? initial) * ((1 - alpha) * cosine + alpha)
        }
    }

    private static let kerasRestarts = LibraryEntry(
        "CosineDecayRestarts",
        [
            "initial_learning_rate": nil, "first_decay_steps": nil, "t_mul": 2, "m_mul": 1,
            "alpha": 0, "name": .null,
        ]
    ) { (arguments, _) throws(LibraryFailure) in
        let (initial, first) = try kerasStart(arguments, "first_decay_steps")
        let growth = try arguments.number("t_mul")
        let damping = try arguments.number("m_mul")
        let alpha = try arguments.number("alpha")
        return try PositionScheduler { position in
            var progress = Double(position) / first
            var cycle = progress.rounded(.down)
            if growth == 1 {
                progress -= cycle
            } else {
                cycle = (log(1 - progress * (1 - growth)) / log(growth)).rounded(.down)
                let passed = (1 - pow(growth, cycle)) / (1 - growth)
                progress = (progress - passed) / pow(growth, cycle)
            }
            let cosine = 0.5 * pow(damping, cycle) * (1 + cos(.pi * progress))
            return initial * ((1 - alpha) * cosine + alpha)
        }
    }

    private static let kerasPlateau = LibraryEntry(
        "ReduceLROnPlateau",
        followsMetric: true,
        [
            "monitor": "val_loss", "factor": 0.1, "patience": 10, "verbose": 0, "mode": "auto",
            "min_delta": 1e-4, "cooldown": 0, "min_lr": 0,
        ]
    ) { (arguments, setting) throws(LibraryFailure) in
        try KerasPlateau(arguments, rate: setting.rate())
    }
}
