extension ScheduleType {
    static let product = ScheduleType(
        name: "product",
        summary: "Several curves multiplied, each with a peak of 1.",
        formula: "rate(t) = peak · factor 1 (t) · factor 2 (t) · …",
        source: "PyTorch, ChainedScheduler, for children in closed form",
        parameters: [
            ScheduleParameter(
                "factors",
                .factors,
                default: .required,
                "Objects with a type and its parameters; rates in them are multipliers."
            )
        ],
        check: { arguments in
            arguments.factors("factors").enumerated().flatMap { index, factor in
                factor.flooredPhases.map { path in
                    .conflict(
                        path.prefixed(by: FieldPath([.key("factors"), .index(index)])),
                        detail: "a floor is a rate and has no meaning inside a product; give it to "
                            + "the whole schedule"
                    )
                }
            }
        },
        resolve: { arguments, scope throws(ScheduleError) in
            let unit = Scope(
                run: scope.run,
                origin: scope.origin,
                length: scope.length,
                peak: 1,
                warmupSteps: scope.warmupSteps
            )
            var factors: [Lanes] = []
            for (index, factor) in arguments.factors("factors").enumerated() {
                let path = FieldPath([.key("factors"), .index(index)])
                let lanes: Lanes
                do throws(ScheduleError) {
                    lanes = try factor.resolve(in: unit)
                } catch {
                    throw error.prefixed(by: path)
                }
                if lanes.feedback != nil, factors.contains(where: { $0.feedback != nil }) {
                    throw .conflict(path, detail: "only one factor can follow a metric")
                }
                if !lanes.momentum.isEmpty, factors.contains(where: { !$0.momentum.isEmpty }) {
                    throw .conflict(path, detail: "only one factor can move the momentum")
                }
                factors.append(lanes)
            }
            return Lanes(
                rate: Segment.product(of: factors.map(\.rate), times: scope.peak),
                momentum: factors.first { !$0.momentum.isEmpty }?.momentum ?? [],
                feedback: factors.compactMap(\.feedback).first
            )
        }
    )
}

extension Segment {
    /// The segments of a product: one wherever any factor has a new one.
    fileprivate static func product(of factors: [[Segment]], times peak: Double) -> [Segment] {
        let starts = Set(factors.joined().map(\.start)).sorted()
        var places = [Int](repeating: 0, count: factors.count)
        return starts.map { start in
            var constant = peak
            var moving: [Term] = []
            for (index, segments) in factors.enumerated() {
                while places[index] + 1 < segments.count,
                    segments[places[index] + 1].start <= start
                {
                    places[index] += 1
                }
                for term in segments[places[index]].terms {
                    if case .constant(let value) = term.shape {
                        constant *= value
                    } else {
                        moving.append(term)
                    }
                }
            }
            return Segment(start: start, terms: [.constant(constant)] + moving)
        }
    }
}

extension Curve {
    /// Where phases of the curve, or of curves in it, have floors.
    fileprivate var flooredPhases: [FieldPath] {
        parameters.sorted { $0.key < $1.key }.flatMap { name, value -> [FieldPath] in
            guard case .phases(let phases) = value else { return [] }
            return phases.enumerated().flatMap { index, phase in
                let path = FieldPath([.key(name), .index(index)])
                return (phase.floor == nil ? [] : [path.appending("floor")])
                    + phase.curve.flooredPhases.map { $0.prefixed(by: path) }
            }
        }
    }

    /// Several curves multiplied with the peak, each with a peak of 1 of its own.
    ///
    /// - Parameter factors: The curves, at least one; rates in them are multipliers.
    /// - Returns: The curve.
    /// - Throws: A `ScheduleError` that names the factor.
    public static func product(_ factors: [Curve]) throws(ScheduleError) -> Curve {
        try ScheduleType.product.make(["factors": .factors(factors)])
    }
}
