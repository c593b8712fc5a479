internal import Foundation

extension LibraryEntry {
    /// The schedulers of `timm.scheduler`.
    ///
    /// `noise_range_t` is refused: the noise is drawn from PyTorch's random generator.
    static let timm: [LibraryEntry] =
        TimmMaking.all.map { making in
            LibraryEntry(making.name, parameters: making.parameters + TimmMaking.shared) {
                (arguments, setting) throws(LibraryFailure) in
                try TimmMaking.refuseNoise(arguments)
                let rate = try setting.rate()
                return try TimmScheduler(rate: rate, making.make(arguments, rate))
            }
        } + [timmPlateau]

    private static let timmPlateau = LibraryEntry(
        "PlateauLRScheduler",
        followsMetric: true,
        [
            "decay_rate": 0.1, "patience_t": 10, "threshold": 1e-4, "cooldown_t": 0,
            "warmup_t": 0, "warmup_lr_init": 0, "lr_min": 0, "mode": "max",
            "noise_range_t": .null, "noise_type": "normal", "noise_pct": 0.67, "noise_std": 1,
            "noise_seed": .null, "initialize": true,
        ]
    ) { (arguments, setting) throws(LibraryFailure) in
        try TimmMaking.refuseNoise(arguments)
        return try TimmPlateau(arguments, rate: setting.rate())
    }
}

/// A scheduler of timm's and how its curve is made.
struct TimmMaking: Sendable {
    /// The rate at t calls, and the rate before the first.
    struct Curve: Sendable {
        let initial: Double
        let rate: @Sendable (Double) throws(LibraryFailure) -> Double
    }

    typealias Make =
        @Sendable (LibraryArguments, _ rate: Double) throws(LibraryFailure) -> Curve

    let name: String
    let parameters: [(name: String, defaultValue: LibraryValue?)]
    let make: Make

    /// What all of them take.
    static let shared: [(name: String, defaultValue: LibraryValue?)] = [
        ("warmup_t", 0), ("warmup_lr_init", 0), ("t_in_epochs", true), ("noise_range_t", .null),
        ("noise_pct", 0.67), ("noise_std", 1), ("noise_seed", 42), ("initialize", true),
    ]

    static func refuseNoise(_ arguments: LibraryArguments) throws(LibraryFailure) {
        guard arguments.value("noise_range_t") == .null else {
            throw LibraryFailure(
                type: "NotImplementedError",
                message: "noise_range_t is not reproduced: its noise comes from PyTorch's generator"
            )
        }
    }

    /// A curve after timm's warm-up: w0 + t · (target − w0) / w below w.
    ///
    /// With `prefix` the curve begins after the warm-up instead of running beneath it; `target` is where the
    /// warm-up aims, the optimizer's rate where it is `nil`.
    static func warmed(
        _ arguments: LibraryArguments,
        rate: Double,
        prefix: Bool,
        target: Double? = nil,
        _ curve: @escaping @Sendable (Double) throws(LibraryFailure) -> Double
    ) throws(LibraryFailure) -> Curve {
        let steps = try arguments.number("warmup_t")
        let start = try arguments.number("warmup_lr_init")
        guard steps != 0 else { return Curve(initial: rate, rate: curve) }
        let slope = ((target ?? rate) - start) / steps
        return Curve(initial: start) { (t) throws(LibraryFailure) in
            t < steps ? start + t * slope : try curve(prefix ? t - steps : t)
        }
    }
}

/// A scheduler of timm's: the rate before the first call is the constructor's, later ones the curve's.
private struct TimmScheduler: LibraryScheduler {
    private var curve: TimmMaking.Curve
    private var position = 0
    private(set) var rate: Double

    init(rate: Double, _ curve: TimmMaking.Curve) {
        self.curve = curve
        self.rate = curve.initial
    }

    var momentum: Double? { nil }

    mutating func step(metric: Double?) throws(LibraryFailure) {
        position += 1
        rate = try curve.rate(Double(position))
    }

    mutating func multiplyRate(by factor: Double) {
        rate *= factor
    }

    /// The calls are counted by the training loop; the saved state holds every parameter.
    mutating func resume(
        from saved: any LibraryScheduler,
        loadingState: Bool
    ) throws(LibraryFailure) {
        guard let saved = saved as? TimmScheduler else { return }
        position = saved.position
        rate = saved.rate
        if loadingState { curve = saved.curve }
    }
}
