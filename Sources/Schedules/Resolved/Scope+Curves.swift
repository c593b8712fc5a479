extension Scope {
    /// The steps of lengths that must rise; refused where two fall on one step of the run.
    func marks(_ lengths: [Length], of field: String) throws(ScheduleError) -> [Int] {
        let marks = lengths.map { $0.steps(in: run) }
        for index in marks.indices.dropFirst() where marks[index] <= marks[index - 1] {
            throw .conflict(
                FieldPath([.key(field), .index(index)]),
                detail: "\(lengths[index]) is step \(marks[index]) of this run, not after "
                    + "\(lengths[index - 1]), which is step \(marks[index - 1])"
            )
        }
        return marks
    }

    /// The lanes of a curve that grows or shrinks by a factor, which must stay finite to the scope's end.
    func scaled(_ shape: Shape, by factor: Double) throws(ScheduleError) -> Lanes {
        let last = max(length - 1, 0)
        guard shape.value(at: Double(last), feedback: nil).isFinite else {
            throw .conflict(
                "factor",
                detail: "\(factor.plain) takes the rate past every number by step "
                    + "\(origin + last)"
            )
        }
        return whole(shape)
    }

    /// The lanes of a staircase: a segment for each stair where they are few, which saves a power at each step.
    func stairs(factor: Double, every: Int) throws(ScheduleError) -> Lanes {
        let shape = Shape.staircase(from: peak, factor: factor, every: Double(every))
        let lanes = try scaled(shape, by: factor)
        guard length / every < Self.stairLimit else { return lanes }
        return Lanes(
            rate: stride(from: 0, through: length, by: every).map { step in
                segment(at: step, .constant(shape.value(at: Double(step), feedback: nil)))
            }
        )
    }

    /// The most stairs that are laid out one by one.
    private static let stairLimit = 64

    /// The lanes of a passage from the peak with the parameters `to`, `over` and `progress_power`.
    func passage(_ passage: Passage, _ arguments: Arguments) -> Lanes {
        whole(
            .passage(
                from: peak,
                to: arguments.target("to").rate(peak: peak),
                over: Double(steps(arguments.optionalLength("over"))),
                progressPower: arguments.number("progress_power"),
                passage
            )
        )
    }

    /// The lanes of a fed-back rate that begins at `initial`; reports count from the scope's start.
    func feedback(
        _ arguments: Arguments,
        initial: Double,
        policy: FeedbackRule.Policy
    ) -> Lanes {
        var lanes = whole(.feedback(initial: initial))
        let monitor = arguments.name("monitor")
        lanes.feedback = FeedbackRule(
            monitor: monitor,
            mode: arguments.optionalChoice("mode") ?? FeedbackRule.Mode(monitor: monitor),
            policy: policy,
            initial: initial,
            floor: floor ?? 0,
            reports: origin..<(origin + length + 1)
        )
        return lanes
    }
}
