extension LibrarySchedule {
    /// Reads what stands in people's code: `OneCycleLR(optimizer, max_lr=0.1, total_steps=1000)`.
    ///
    /// Module prefixes, an assignment and the optimizer are taken off; positional arguments are named in the
    /// library's order; nested schedulers and numbers such as `5 * 1000` are read.
    ///
    /// - Parameters:
    ///   - code: One expression of Python, or `name = expression`.
    ///   - library: The library.
    ///   - learningRate: The optimizer's learning rate.
    ///   - unit: When the scheduler is stepped.
    /// - Throws: A `ScheduleError` that names `code` where it cannot be read, else those of the initialiser.
    public init(
        parsing code: String,
        library: Library,
        learningRate: Double? = nil,
        unit: Unit = .steps
    ) throws(ScheduleError) {
        let scheduler: (name: String, parameters: [String: LibraryValue])
        do throws(LibraryFailure) {
            guard case .call(let name, let positional, let named) = try PythonReader.read(code)
            else { throw .value("it is not a call such as StepLR(step_size=30)") }
            scheduler = try Self.scheduler(name, positional, named, library)
        } catch {
            throw .conflict("code", detail: error.message)
        }
        try self.init(
            library: library,
            name: scheduler.name,
            parameters: scheduler.parameters,
            learningRate: learningRate,
            unit: unit
        )
    }

    /// The scheduler and the parameters that a call stands for.
    private static func scheduler(
        _ dotted: String,
        _ positional: [PythonExpression],
        _ named: [(name: String, value: PythonExpression)],
        _ library: Library
    ) throws(LibraryFailure) -> (name: String, parameters: [String: LibraryValue]) {
        var name = String(dotted.split(separator: ".").last ?? "")
        var positional = positional
        if name == "get_scheduler", library == .transformers {
            (name, positional) = try schedulerName(positional, named)
        }
        guard let entry = library.entry(named: name) else {
            throw .value(
                "\(library.rawValue) has no scheduler \"\(name)\" here; it has "
                    + library.names.joined(separator: ", ")
            )
        }
        if case .name = positional.first { positional.removeFirst() }
        guard positional.count <= entry.parameters.count else {
            throw .value("\(name) takes at most \(entry.parameters.count) arguments")
        }
        let ordered = zip(entry.parameters.map(\.name), positional)
        var parameters: [String: LibraryValue] = [:]
        for (key, expression) in Array(ordered) + named.map({ ($0.name, $0.value) }) {
            if key == "optimizer" || (key == "name" && library == .transformers) { continue }
            let value = try value(of: expression, for: key, library)
            if key == "scheduler_specific_kwargs", case .object(let fields) = value {
                parameters.merge(fields) { $1 }
            } else {
                parameters[key] = value
            }
        }
        return (entry.name, parameters)
    }

    /// The name that `get_scheduler` is given, and the other positional arguments.
    private static func schedulerName(
        _ positional: [PythonExpression],
        _ named: [(name: String, value: PythonExpression)]
    ) throws(LibraryFailure) -> (String, [PythonExpression]) {
        if case .value(.text(let name)) = positional.first {
            return (name, Array(positional.dropFirst()))
        }
        if case .value(.text(let name)) = named.first(where: { $0.name == "name" })?.value {
            return (name, positional)
        }
        throw .value("get_scheduler needs the name of a scheduler as a string")
    }

    private static func value(
        of expression: PythonExpression,
        for key: String,
        _ library: Library
    ) throws(LibraryFailure) -> LibraryValue {
        switch expression {
        case .value(let value): return value
        case .list(let items):
            var values: [LibraryValue] = []
            for item in items { values.append(try value(of: item, for: key, library)) }
            return .list(values)
        case .call(let name, let positional, let named):
            let (child, parameters) = try scheduler(name, positional, named, library)
            return .object(["schedule": .text(child), "params": .object(parameters)])
        case .name(let name):
            throw .value("the value of \(name), for \(key), is not in the code; write it out")
        }
    }
}
