internal import Foundation

/// CosineAnnealingWarmupRestarts of pytorch_optimizer: each cycle has its own warm-up and a lower peak.
struct WarmupRestarts: LibraryScheduler {
    private let growth: Double
    private let most: Double
    private let least: Double
    private let warmup: Double
    private let damping: Double
    private var length: Double
    private var place = 0.0
    private var cycle = 0.0
    private(set) var rate: Double

    init(_ arguments: LibraryArguments) throws(LibraryFailure) {
        length = try arguments.number("first_cycle_steps")
        growth = try arguments.number("cycle_mult")
        most = try arguments.number("max_lr")
        least = try arguments.number("min_lr")
        warmup = try arguments.number("warmup_steps")
        damping = try arguments.number("gamma")
        guard warmup < length else {
            throw .value(
                "warmup_steps must be below first_cycle_steps, got \(warmup.plain) and "
                    + "\(length.plain)"
            )
        }
        guard try arguments.integer("last_epoch") == -1 else {
            throw .value("last_epoch must be -1 for a fresh optimizer")
        }
        rate = least
    }

    var momentum: Double? { nil }

    mutating func step(metric: Double?) throws(LibraryFailure) {
        place += 1
        if place >= length {
            cycle += 1
            place -= length
            length = max(1, ((length - warmup) * growth).rounded(.towardZero)) + warmup
        }
        let peak = most * (try PythonNumber.power(damping, cycle))
        if place < warmup {
            rate = (peak - least) * place / warmup + least
        } else {
            let x = try PythonNumber.divide(.pi * (place - warmup), length - warmup)
            rate = least + (peak - least) * (1 + cos(x)) / 2
        }
    }

    mutating func multiplyRate(by factor: Double) {
        rate *= factor
    }

    mutating func resume(
        from saved: any LibraryScheduler,
        loadingState: Bool
    ) throws(LibraryFailure) {
        guard let saved = saved as? WarmupRestarts else { return }
        if loadingState {
            self = saved
        } else {
            rate = saved.rate
        }
    }
}
