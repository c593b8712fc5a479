extension ScheduleType {
    static let sequence = ScheduleType(
        name: "sequence",
        summary: "Phases that follow each other, each a schedule seen from its own step 0.",
        formula: "rate(t) = phase i at t − start of phase i",
        source: "Optax, join_schedules",
        parameters: [
            ScheduleParameter(
                "phases",
                .phases,
                default: .required,
                "Objects with a length, a type and its parameters, and where wanted a learning_rate, "
                    + "floor and warmup; the last goes on to the end and may leave out its length."
            )
        ],
        check: { arguments in
            arguments.phases("phases").enumerated().dropLast().compactMap { index, phase in
                guard phase.length == nil else { return nil }
                return .missing(
                    FieldPath([.key("phases"), .index(index), .key("length")]),
                    requirement: ParameterKind.length.requirement
                )
            }
        },
        resolve: { arguments, scope throws(ScheduleError) in
            var joined = Lanes(rate: [])
            var start = 0
            let phases = arguments.phases("phases")
            for (index, phase) in phases.enumerated() {
                let path = FieldPath([.key("phases"), .index(index)])
                let steps = phase.length?.steps(in: scope.run) ?? (scope.length - start)
                guard steps > 0, steps <= scope.length - start else {
                    throw .conflict(
                        path.appending("length"),
                        detail:
                            "\(max(steps, 1)) steps do not fit the \(scope.length - start) that "
                            + "are left of \(scope.length)"
                    )
                }
                let stretch = Scope(
                    run: scope.run,
                    origin: scope.origin + start,
                    length: steps,
                    peak: phase.learningRate ?? scope.peak,
                    floor: scope.floor
                )
                var lanes: Lanes
                do throws(ScheduleError) {
                    lanes = try stretch.resolve(
                        phase.curve,
                        floor: phase.floor,
                        warmup: phase.warmup
                    )
                } catch {
                    throw error.prefixed(by: path)
                }
                start += steps
                if index < phases.count - 1 { lanes = lanes.cut(at: scope.origin + start) }
                try joined.append(lanes, at: stretch.origin, path: path)
            }
            return joined
        }
    )
}

extension Lanes {
    /// Adds the lanes of the next phase, which begins at `origin`.
    fileprivate mutating func append(
        _ next: Lanes,
        at origin: Int,
        path: FieldPath
    ) throws(ScheduleError) {
        if next.feedback != nil, feedback != nil {
            throw .conflict(path, detail: "only one phase can follow a metric")
        }
        feedback = feedback ?? next.feedback
        if !momentum.isEmpty || !next.momentum.isEmpty {
            if momentum.isEmpty, let first = rate.first { momentum = [.unset(from: first.start)] }
            momentum += next.momentum.isEmpty ? [.unset(from: origin)] : next.momentum
        }
        rate += next.rate
    }
}

extension Segment {
    /// A stretch in which the schedule leaves the optimizer's momentum.
    fileprivate static func unset(from start: Int) -> Segment {
        Segment(start: start, terms: [.constant(.nan)])
    }
}

extension Curve {
    /// Phases that follow each other, each seen from its own step 0.
    ///
    /// Source: Optax, join_schedules.
    ///
    /// - Parameter phases: The phases, at least one; only the last may have no length, and it goes on to
    ///   the end of the run or of the enclosing phase.
    /// - Returns: The curve.
    /// - Throws: A `ScheduleError` that names the phase.
    public static func sequence(_ phases: [Phase]) throws(ScheduleError) -> Curve {
        try ScheduleType.sequence.make(["phases": .phases(phases)])
    }
}
