import Schedules

extension LibrarySchedule {
    /// The calls for which the scheduler was made, where its parameters say so.
    ///
    /// It only sizes a preview for which nobody said how long the run is.
    var naturalLength: Int? { Self.length(name, parameters) }

    private static func length(_ name: String, _ parameters: [String: LibraryValue]) -> Int? {
        func number(_ key: String) -> Double? {
            if case .number(let value)? = parameters[key], value >= 1 { value } else { nil }
        }
        func sum(_ keys: String...) -> Double? {
            let values = keys.compactMap(number)
            return values.isEmpty ? nil : values.reduce(0, +)
        }
        func product(_ left: String, _ right: String) -> Double? {
            number(left).flatMap { left in number(right).map { left * $0 } }
        }
        if let nested = sequence(parameters) { return nested }
        let warmup = name == "CosineDecay" && number("warmup_target") != nil
        let isSplit = number("num_decay_steps") != nil
        let lengths: [Double?] = [
            number("total_steps"), number("num_training_steps"),
            product("epochs", "steps_per_epoch"), product("n_epoch", "batches_per_epoch"),
            isSplit ? sum("num_warmup_steps", "num_stable_steps", "num_decay_steps") : nil,
            number("T_max"), number("t_initial"), number("t_max"),
            warmup ? sum("decay_steps", "warmup_steps") : number("decay_steps"),
            sum("transition_steps", "transition_begin"), number("num_epochs"),
            number("total_iters"),
        ]
        let length = lengths.lazy.compactMap(\.self).first
        return length.flatMap { Int(exactly: $0.rounded(.up)) }
    }

    /// The end of the last of schedulers that follow each other.
    private static func sequence(_ parameters: [String: LibraryValue]) -> Int? {
        guard case .list(let children)? = parameters["schedulers"] ?? parameters["schedules"],
            case .list(let marks)? = parameters["milestones"] ?? parameters["boundaries"],
            case .object(let last)? = children.last, case .text(let name)? = last["schedule"],
            case .object(let inner)? = last["params"], case .number(let start)? = marks.last,
            let rest = length(name, inner)
        else { return nil }
        return Int(start) + rest
    }
}
