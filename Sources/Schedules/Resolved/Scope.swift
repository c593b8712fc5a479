/// The stretch of a run in which a curve is resolved.
struct Scope {
    /// The run of which lengths are taken.
    let run: Run
    /// The run's step at which the curve's own step 0 stands.
    let origin: Int
    /// The steps that are left for the curve; 0 where the warm-up takes all.
    let length: Int
    /// The rate to which targets relate; 1 inside a product.
    let peak: Double
    /// The length of the warm-up before the curve, in steps.
    var warmupSteps = 0
    /// The rate below which feedback does not reduce.
    var floor: Double?

    /// The steps of `length`, or of the rest of the scope where it is `nil`.
    func steps(_ length: Length?) -> Int {
        length?.steps(in: run) ?? max(1, self.length)
    }

    /// A segment of one shape, from a step of the curve on.
    func segment(at step: Int = 0, _ shape: Shape, from shapeOrigin: Int? = nil) -> Segment {
        Segment(
            start: origin + step,
            terms: [Term(origin: origin + (shapeOrigin ?? step), shape: shape)]
        )
    }

    /// The lanes of a curve that is one shape for the whole scope.
    func whole(_ shape: Shape) -> Lanes { Lanes(rate: [segment(shape)]) }

    /// The segments of a schedule that fills the scope: the warm-up, then the curve over the floor.
    func resolve(
        _ curve: Curve,
        floor: Double?,
        warmup: Warmup?
    ) throws(ScheduleError) -> Lanes {
        let warmupSteps = warmup?.length.steps(in: run) ?? 0
        guard warmupSteps <= length else {
            throw .conflict(
                FieldPath([.key("warmup"), .key("length")]),
                detail:
                    "a warm-up of \(warmupSteps) steps is longer than the \(length) steps it is in"
            )
        }
        let inner = Scope(
            run: run,
            origin: origin + warmupSteps,
            length: length - warmupSteps,
            peak: peak,
            warmupSteps: warmupSteps,
            floor: [floor, self.floor].compactMap { $0 }.max()
        )
        var lanes = try curve.resolve(in: inner)
        if let floor { lanes.rate = lanes.rate.map { $0.raised(to: floor) } }
        if let warmup {
            let rise = Shape.rise(
                from: warmup.from.rate(peak: peak),
                to: peak,
                steps: Double(warmupSteps),
                shape: warmup.shape
            )
            lanes.rate.insert(segment(rise), at: 0)
            if let momentum = lanes.momentum.first {
                lanes.momentum.insert(
                    Segment(
                        start: origin,
                        terms: [.constant(momentum.terms[0].value(at: inner.origin))]
                    ),
                    at: 0
                )
            }
        }
        return lanes
    }
}
