/// Finds a library's scheduler in code and names its arguments.
struct PythonTranslation {
    /// What the code says of a scheduler.
    struct Scheduler {
        let name: String
        var parameters: [String: LibraryValue] = [:]
        /// The optimizer's rate, where the optimizer is made in the code.
        var learningRate: Double?
    }

    let library: Library
    let batchesPerEpoch: Int?

    /// The scheduler that no other holds.
    func scheduler(in program: PythonProgram) throws(PythonFailure) -> Scheduler {
        let outer = program.expressions.flatMap { outermost(in: $0) }
        let held = Set(outer.flatMap { call in call.arguments.flatMap(\.calls).map(\.place) })
        var found: [PythonCall] = []
        for call in outer where !held.contains(call.place) {
            if !found.contains(where: { $0.place == call.place }) { found.append(call) }
        }
        if let call = found.first, found.count == 1 { return try scheduler(call) }
        if let second = found.dropFirst().first {
            throw PythonFailure(
                place: second.place,
                message:
                    "\(found.map(\.baseName).joined(separator: " and ")) both stand in the code "
                    + "and neither holds the other; leave one out"
            )
        }
        throw missing(in: program)
    }

    /// The outermost calls of schedulers in an expression.
    private func outermost(in expression: PythonExpression) -> [PythonCall] {
        switch expression {
        case .value, .name, .constantFunction: []
        case .list(let items): items.flatMap { outermost(in: $0) }
        case .call(let call):
            isScheduler(call) ? [call] : call.arguments.flatMap { outermost(in: $0) }
        }
    }

    private func isScheduler(_ call: PythonCall) -> Bool {
        library.entry(named: call.baseName) != nil
            || (call.baseName == "get_scheduler" && library == .transformers)
    }

    /// Why there is no scheduler: what could not be read of it, else what there is.
    private func missing(in program: PythonProgram) -> PythonFailure {
        let names =
            library.entries.flatMap { [$0.name] + $0.aliases }
            + (library == .transformers ? ["get_scheduler"] : [])
        let failed = program.failures.first { failure in
            let text = String(program.source.text[failure.statement])
            return program.source.statements.count == 1 || names.contains { text.contains($0) }
        }
        if let failed { return failed.failure }
        let known = library.names.joined(separator: ", ")
        switch program.expressions.last {
        case .call(let call)? where program.expressions.count == 1:
            return PythonFailure(
                place: call.place,
                message: "\(library.rawValue) has no scheduler \"\(call.baseName)\" here; it has "
                    + known
            )
        case .some where program.expressions.count == 1:
            return PythonFailure(
                place: nil,
                message: "it is not a call such as StepLR(step_size=30)"
            )
        default:
            return PythonFailure(
                place: nil,
                message: "there is no scheduler of \(library.rawValue) in it; it has \(known)"
            )
        }
    }

    // MARK: - Arguments

    /// The scheduler and the parameters that a call stands for.
    private func scheduler(_ call: PythonCall) throws(PythonFailure) -> Scheduler {
        var name = call.baseName
        var positional = call.positional
        if name == "get_scheduler", library == .transformers {
            (name, positional) = try schedulerName(call)
        }
        guard let entry = library.entry(named: name) else {
            throw PythonFailure(
                place: call.place,
                message: "\(library.rawValue) has no scheduler \"\(name)\" here; it has "
                    + library.names.joined(separator: ", ")
            )
        }
        var scheduler = Scheduler(name: entry.name)
        var optimizer = call.named("optimizer")
        if let first = positional.first, isOptimizer(first) {
            optimizer = first
            positional.removeFirst()
        }
        scheduler.learningRate = Self.rate(of: optimizer)
        let parameters = entry.parameters.map(\.name)
        guard positional.count <= parameters.count else {
            throw PythonFailure(
                place: call.place,
                message: "\(name) takes at most \(parameters.count) arguments"
            )
        }
        for (key, expression) in Array(zip(parameters, positional))
            + call.named.map({ ($0.name, $0.value) })
        {
            if key == "optimizer" || (key == "name" && library == .transformers) { continue }
            // A function is written down as its value, or as its values by step.
            if case .constantFunction(let factor) = expression, parameters.contains("constant") {
                scheduler.parameters["constant"] = .number(factor)
                continue
            }
            if case .constantFunction(let factor) = expression, parameters.contains("table") {
                scheduler.parameters["table"] = .list([.number(factor)])
                continue
            }
            let value = try value(of: expression, for: key, at: call.place, &scheduler.learningRate)
            if key == "scheduler_specific_kwargs", case .object(let fields) = value {
                scheduler.parameters.merge(fields) { $1 }
            } else {
                scheduler.parameters[key] = value
            }
        }
        if let batchesPerEpoch, parameters.contains("batches_per_epoch"),
            scheduler.parameters["batches_per_epoch"] == nil
        {
            scheduler.parameters["batches_per_epoch"] = .number(Double(batchesPerEpoch))
        }
        return scheduler
    }

    /// Whether the first positional argument is the optimizer: a name, or a call of no scheduler.
    private func isOptimizer(_ expression: PythonExpression) -> Bool {
        switch expression {
        case .name: true
        case .call(let call): !isScheduler(call)
        case .value, .list, .constantFunction: false
        }
    }

    /// The rate with which the code makes an optimizer.
    private static func rate(of optimizer: PythonExpression?) -> Double? {
        guard case .call(let call)? = optimizer,
            case .value(.number(let rate))? = call.named("lr", "learning_rate")
        else { return nil }
        return rate
    }

    /// The name that `get_scheduler` is given, and the other positional arguments.
    private func schedulerName(
        _ call: PythonCall
    ) throws(PythonFailure) -> (String, [PythonExpression]) {
        if case .value(.text(let name))? = call.positional.first {
            return (name, Array(call.positional.dropFirst()))
        }
        if case .value(.text(let name))? = call.named("name") { return (name, call.positional) }
        throw PythonFailure(
            place: call.place,
            message: "get_scheduler needs the name of a scheduler as a string"
        )
    }

    private func value(
        of expression: PythonExpression,
        for key: String,
        at place: Int,
        _ learningRate: inout Double?
    ) throws(PythonFailure) -> LibraryValue {
        switch expression {
        case .value(let value): return value
        case .list(let items):
            var values: [LibraryValue] = []
            for item in items {
                values.append(try value(of: item, for: key, at: place, &learningRate))
            }
            return .list(values)
        case .call(let call):
            guard isScheduler(call) || call.baseName.first?.isUppercase == true else {
                throw PythonFailure(
                    place: call.place,
                    message: "the value of \(call.name)(…), for \(key), is not in the code; write "
                        + "it out"
                        + (call.name == "len" ? ", or say how many updates an epoch has" : "")
                )
            }
            let child = try scheduler(call)
            learningRate = learningRate ?? child.learningRate
            return .object([
                "schedule": .text(child.name), "params": .object(child.parameters),
            ])
        case .name(let name, let place):
            throw PythonFailure(
                place: place,
                message: "the value of \(name), for \(key), is not in the code; write it out"
            )
        case .constantFunction:
            throw PythonFailure(
                place: place,
                message: "a lambda cannot be read for \(key); give its factors by step as table=[…]"
            )
        }
    }
}
