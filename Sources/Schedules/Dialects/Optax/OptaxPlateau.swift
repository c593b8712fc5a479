/// `optax.contrib.reduce_on_plateau`: a scale of the base rate.
struct OptaxPlateau: LibraryScheduler {
    private let factor: Double
    private let patience: Double
    private let relative: Double
    private let absolute: Double
    private let cooldown: Double
    private let accumulation: Double
    private let least: Double
    private var base: Double
    private var scale = 1.0
    private var best = Double.infinity
    private var plateau = 0.0
    private var cooldownLeft = 0.0
    private var count = 0.0
    private var average = 0.0

    init(_ arguments: LibraryArguments, rate: Double) throws(LibraryFailure) {
        factor = try arguments.number("factor")
        patience = try arguments.number("patience")
        relative = try arguments.number("rtol")
        absolute = try arguments.number("atol")
        cooldown = try arguments.number("cooldown")
        accumulation = try arguments.number("accumulation_size")
        least = try arguments.number("min_scale")
        base = rate
        guard factor > 0, factor < 1 else {
            throw .value("factor must be above 0 and below 1, got \(factor.plain)")
        }
        guard relative >= 0, absolute >= 0, relative + absolute > 0, relative <= 1 else {
            throw .value(
                "rtol (at most 1) and atol must be at least 0 and one of them above it, got "
                    + "\(relative.plain) and \(absolute.plain)"
            )
        }
    }

    var rate: Double { base * scale }
    var momentum: Double? { nil }

    mutating func step(metric: Double?) throws(LibraryFailure) {
        guard let metric else { throw .type("update() requires a value") }
        average = (count * average + metric) / (count + 1)
        count += 1
        if count == accumulation { judge() }
    }

    private mutating func judge() {
        let improves = average < (1 - relative) * best - absolute
        if improves { best = average }
        let waited = improves ? 0 : plateau + 1
        if cooldownLeft > 0 {
            plateau = 0
            cooldownLeft -= 1
        } else {
            let fires = waited == patience
            scale = max(fires ? scale * factor : scale, least)
            plateau = fires ? 0 : waited
            cooldownLeft = fires ? cooldown : 0
        }
        count = 0
        average = 0
    }

    mutating func multiplyRate(by factor: Double) {
        base *= factor
    }

    /// The state is part of the optimizer's; its parameters are those of the new transformation.
    mutating func resume(
        from saved: any LibraryScheduler,
        loadingState: Bool
    ) throws(LibraryFailure) {
        guard loadingState, let saved = saved as? OptaxPlateau else { return }
        scale = saved.scale
        best = saved.best
        plateau = saved.plateau
        cooldownLeft = saved.cooldownLeft
        count = saved.count
        average = saved.average
    }
}
