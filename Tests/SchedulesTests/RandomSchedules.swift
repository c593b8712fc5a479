import Schedules
import TestSupport

/// Random schedules for a run, compositions among them, with what is known of each by how it was drawn.
struct RandomSchedules {
    let run: Run
    private var generator: SeededGenerator

    init(seed: UInt64) throws {
        generator = SeededGenerator(seed: seed)
        let perEpoch = Int.random(in: 1...40, using: &generator)
        run = try makeRun(.random(in: 40...400, using: &generator), stepsPerEpoch: perEpoch)
    }

    /// A schedule of any kind over the whole run; under a peak of 1 no rate that it names is above 1.
    mutating func schedule() throws -> Schedule {
        let warmup = try flip() ? warmup(within: run.totalSteps / 2) : nil
        let left = run.totalSteps - (warmup?.length.steps(in: run) ?? 0)
        return try Schedule(
            curve: curve(within: left, depth: 2),
            learningRate: 1,
            floor: flip() ? number(in: 0...0.05) : nil,
            warmup: warmup
        )
    }

    /// Phases that fill a run, of any kinds.
    mutating func phases(within steps: Int, depth: Int, floors: Bool = true) throws -> [Phase] {
        let count = Int.random(in: 2...4, using: &generator)
        let cuts = Set((1..<count).map { _ in Int.random(in: 1..<steps, using: &generator) })
        let ends = cuts.sorted() + [steps]
        var start = 0
        return try ends.map { end in
            defer { start = end }
            let warmup = try flip() && end - start > 3 ? warmup(within: (end - start) / 2) : nil
            let left = end - start - (warmup?.length.steps(in: run) ?? 0)
            return try Phase(
                length: end == steps ? nil : length(end - start),
                curve: curve(within: left, depth: depth - 1, floors: floors),
                learningRate: flip() ? number(in: 0.1...1) : nil,
                floor: flip() && floors ? number(in: 0...0.1) : nil,
                warmup: warmup
            )
        }
    }

    /// A curve of any kind; what is nested in it is at most `depth` deep.
    mutating func curve(within steps: Int, depth: Int, floors: Bool = true) throws -> Curve {
        guard depth > 0, steps > 4, Int.random(in: 0..<3, using: &generator) > 0 else {
            return try flip() ? fall(within: steps) : wave(within: steps)
        }
        if flip() {
            return try .sequence(phases(within: steps, depth: depth, floors: floors))
        }
        return try .product([
            curve(within: steps, depth: depth - 1, floors: false),
            curve(within: steps, depth: depth - 1, floors: false),
        ])
    }

    /// A curve that begins at the peak and never rises.
    mutating func fall(within steps: Int) throws -> Curve {
        let over = flip() ? length(within: steps) : nil
        let power = flip() ? 1 : Double.random(in: 0.3...3, using: &generator)
        let factor = Double.random(in: 0.3...1, using: &generator)
        switch Int.random(in: 0..<13, using: &generator) {
        case 0: return .constant
        case 1: return try .step(every: length(within: steps), factor: factor)
        case 2: return try .multiStep(milestones: marks(within: steps), factor: factor)
        case 3:
            return try .exponential(factor: factor, every: length(within: steps), staircase: flip())
        case 4:
            return try .inverseTime(factor: factor, every: length(within: steps), staircase: flip())
        case 5: return try .linear(to: target(), over: over, progressPower: power)
        case 6:
            return try .polynomial(power: power, to: target(), over: over, progressPower: factor)
        case 7: return try .cosine(to: target(), over: over, progressPower: power)
        case 8: return try .inverseSquareRoot(timescale: flip() ? length(within: steps) : nil)
        case 9: return try .power(timescale: length(within: steps), power: power)
        case 10:
            let whole = over.map { $0.steps(in: run) } ?? max(steps, 1)
            return try .warmupStableDecay(
                cooldown: length(within: whole),
                shape: shape(power: power, ratio: factor / 2),
                to: target(),
                over: over
            )
        case 11: return try .rex(to: target(), over: over, progressPower: power)
        default:
            return try .tanh(
                lower: number(in: -7...(-1)),
                upper: number(in: 0...4),
                to: target(),
                over: over,
                progressPower: power
            )
        }
    }

    /// A curve that also rises, at most to the peak.
    mutating func wave(within steps: Int) throws -> Curve {
        let factor = Double.random(in: 0.5...1, using: &generator)
        switch Int.random(in: 0..<6, using: &generator) {
        case 0:
            return try .cosineRestarts(
                firstCycle: length(within: steps),
                cycleFactor: flip() ? 1 : number(in: 1...3),
                peakFactor: factor,
                to: target()
            )
        case 1:
            let mode = Int.random(in: 0..<3, using: &generator)
            return try .cyclic(
                rise: length(within: steps),
                fall: flip() ? length(within: steps) : nil,
                base: target(),
                halving: mode == 1,
                factor: mode == 2 ? factor : nil
            )
        case 2:
            return try .oneCycle(
                rise: length(within: max(steps / 2, 1)),
                startDivisor: 1 / factor,
                linear: flip(),
                momentum: nil
            )
        case 3: return try .noam(rise: length(within: steps))
        case 4:
            let marks = marks(within: steps)
            return try .piecewiseConstant(
                boundaries: marks,
                values: (0...marks.count).map { _ in target() }
            )
        default:
            let knots = marks(within: steps).map { Knot(at: $0, rate: target()) }
            return try .interpolated(knots: knots, shape: flip() ? .linear : .cosine)
        }
    }

    // MARK: - Parts

    mutating func flip() -> Bool { Bool.random(using: &generator) }

    mutating func number(in range: ClosedRange<Double>) -> Double {
        .random(in: range, using: &generator)
    }

    mutating func number(in range: ClosedRange<Int>) -> Int {
        .random(in: range, using: &generator)
    }

    private mutating func warmup(within steps: Int) throws -> Warmup {
        try Warmup(
            length: length(within: steps),
            from: .fractionOfPeak(.random(in: 0...0.9, using: &generator)),
            shape: Warmup.Shape.allCases.randomElement(using: &generator) ?? .linear
        )
    }

    private mutating func shape(power: Double, ratio: Double) -> CooldownShape {
        let shapes: [CooldownShape] = [
            .oneMinusSquareRoot, .linear, .cosine, .power(power), .exponential(ratio: ratio),
        ]
        return shapes.randomElement(using: &generator) ?? .linear
    }

    /// A length of at most so many steps, in any unit.
    private mutating func length(within steps: Int) -> Length {
        length(.random(in: 1...max(steps, 1), using: &generator))
    }

    /// A length of exactly so many steps, in any unit.
    private mutating func length(_ steps: Int) -> Length {
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: .steps(steps)
        case 1: .epochs(Double(steps) / Double(run.stepsPerEpoch))
        default: .fraction(Double(steps) / Double(run.totalSteps))
        }
    }

    /// Distinct places in rising order.
    private mutating func marks(within steps: Int) -> [Length] {
        let places = Set((0..<3).map { _ in Int.random(in: 1...max(steps, 1), using: &generator) })
        return places.sorted().map { length($0) }
    }

    /// A rate of at most a tenth, or any share of the peak.
    private mutating func target() -> Target {
        flip()
            ? .value(.random(in: 0...0.1, using: &generator))
            : .fractionOfPeak(.random(in: 0...1, using: &generator))
    }
}
