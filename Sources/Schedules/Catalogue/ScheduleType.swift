/// An entry of the catalogue: what a type is called, what it takes, what it computes and who described it.
///
/// The same entry checks, decodes, encodes and resolves; so what the catalogue says is what holds.
public struct ScheduleType: Sendable {
    /// The name in the written form.
    public let name: String
    /// What the curve does, in a sentence.
    public let summary: String
    /// The rate at t, the update counted from the curve's own start.
    public let formula: String
    /// The paper or the library in which the curve is described.
    public let source: String
    /// The parameters, in the order in which they are documented.
    public let parameters: [ScheduleParameter]

    /// What parameters that are right alone must be together.
    let check: @Sendable (Arguments) -> [ScheduleError]
    /// What they must be under a peak and over the floor, where there is one.
    let checkUnderPeak: @Sendable (Arguments, _ peak: Double, _ floor: Double?) -> [ScheduleError]
    /// The segments that the curve becomes in a scope.
    let resolve: @Sendable (Arguments, Scope) throws(ScheduleError) -> Lanes

    init(
        name: String,
        summary: String,
        formula: String,
        source: String,
        parameters: [ScheduleParameter] = [],
        check: @escaping @Sendable (Arguments) -> [ScheduleError] = { _ in [] },
        checkUnderPeak:
            @escaping @Sendable (Arguments, _ peak: Double, _ floor: Double?) -> [ScheduleError] =
            { _, _, _ in [] },
        resolve: @escaping @Sendable (Arguments, Scope) throws(ScheduleError) -> Lanes
    ) {
        self.name = name
        self.summary = summary
        self.formula = formula
        self.source = source
        self.parameters = parameters
        self.check = check
        self.checkUnderPeak = checkUnderPeak
        self.resolve = resolve
    }

    /// Everything that is wrong with `values` as this type's parameters; empty where nothing is.
    ///
    /// - Parameter values: The parameters that are given, by name; the others take their defaults.
    /// - Returns: A fault for each unknown, missing or unfit parameter, in the table's order.
    public func faults(in values: [String: ParameterValue]) -> [ScheduleError] {
        let allowed = parameters.map(\.name)
        var faults: [ScheduleError] = values.keys.filter { !allowed.contains($0) }.sorted()
            .map { .unknown(FieldPath([.key($0)]), allowed: allowed) }
        for parameter in parameters {
            if let value = values[parameter.name] {
                faults += parameter.faults(in: value)
            } else if parameter.defaultValue == .required {
                faults.append(
                    .missing(
                        FieldPath([.key(parameter.name)]),
                        requirement: parameter.kind.requirement
                    )
                )
            }
        }
        return faults.isEmpty ? check(completed(values)) : faults
    }

    /// The curve of this type with the given parameters.
    ///
    /// - Parameter values: The parameters that are given, by name; the others take their defaults.
    /// - Returns: A valid curve.
    /// - Throws: The first of `faults(in:)`.
    public func make(_ values: [String: ParameterValue] = [:]) throws(ScheduleError) -> Curve {
        if let fault = faults(in: values).first { throw fault }
        return Curve(type: self, arguments: completed(values))
    }

    private func completed(_ values: [String: ParameterValue]) -> Arguments {
        var values = values
        for parameter in parameters where values[parameter.name] == nil {
            if case .value(let value) = parameter.defaultValue { values[parameter.name] = value }
        }
        return Arguments(values: values)
    }
}

extension ScheduleType: Hashable {
    /// Whether both are the same entry; names are unique in the catalogue.
    public static func == (left: ScheduleType, right: ScheduleType) -> Bool {
        left.name == right.name
    }

    /// Hashes the name.
    ///
    /// - Parameter hasher: Where to hash into.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(name)
    }
}

extension ScheduleType: CustomStringConvertible {
    /// The name in the written form.
    public var description: String { name }
}
