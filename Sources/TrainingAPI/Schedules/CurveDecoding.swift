internal import Schedules

/// Reads curves by the catalogue's own tables, so that what the catalogue lists is what is read.
enum CurveDecoding {
    private static let types = ScheduleCatalogue.types.map {
        TypeDescription(name: $0.name, summary: $0.summary, fields: [])
    }

    /// The curve whose `type` and parameters stand in `object`, beside other fields.
    ///
    /// - Parameters:
    ///   - object: The object; fields that are no parameters are left to the caller.
    ///   - standard: The type where none is given; `nil` where it must be.
    ///   - context: Collects the faults.
    /// - Returns: The curve; `nil` where something was reported.
    static func curve(
        in object: inout ObjectDecoder,
        default standard: ScheduleType?,
        _ context: inout DecodingContext
    ) -> Curve? {
        guard let name = object.type(among: types, default: standard?.name, &context),
            let type = ScheduleCatalogue.type(named: name)
        else {
            object.passOverAll()
            return nil
        }
        var values: [String: ParameterValue] = [:]
        var isReadable = true
        for parameter in type.parameters {
            guard let document = object.document(parameter.name) else { continue }
            let place = object.pointer.appending(parameter.name)
            if let value = value(of: parameter, document, at: place, &context) {
                values[parameter.name] = value
            } else {
                isReadable = false
            }
        }
        let faults =
            isReadable ? type.faults(in: values) : faultsAlone(in: values, of: type, object)
        for fault in faults { context.report(fault, at: object.pointer) }
        guard isReadable, faults.isEmpty else { return nil }
        do throws(ScheduleError) {
            return try type.make(values)
        } catch {
            context.report(error, at: object.pointer)
            return nil
        }
    }

    /// What is wrong with each parameter by itself: what they must be together cannot be told where one
    /// was not read.
    private static func faultsAlone(
        in values: [String: ParameterValue],
        of type: ScheduleType,
        _ object: ObjectDecoder
    ) -> [ScheduleError] {
        type.parameters.flatMap { parameter -> [ScheduleError] in
            if let value = values[parameter.name] { return parameter.faults(in: value) }
            guard parameter.defaultValue == .required, !object.has(parameter.name) else {
                return []
            }
            let path = FieldPath([.key(parameter.name)])
            return [.missing(path, requirement: parameter.kind.requirement)]
        }
    }

    /// A parameter's value, or `nil` after a report that it is of another kind.
    private static func value(
        of parameter: ScheduleParameter,
        _ document: Document,
        at pointer: Pointer,
        _ context: inout DecodingContext
    ) -> ParameterValue? {
        func fits(_ value: ParameterValue?) -> ParameterValue? {
            if value == nil {
                let detail = "must be \(parameter.kind.requirement), not \(document.summary)"
                context.report(pointer, .type, detail, at: document.position)
            }
            return value
        }
        switch parameter.kind {
        case .number: return fits(document.double.map { .number($0) })
        case .count: return fits(document.integer.map { .count($0) })
        case .flag: return fits(document.bool.map { .flag($0) })
        case .choice: return fits(document.string.map { .choice($0) })
        case .name:
            guard parameter.name == "monitor" else {
                return fits(document.string.map { .name($0) })
            }
            return ValueRule<String>.metricName.read(document, pointer, &context)
                .map { .name($0) }
        case .length: return Length(document, at: pointer, &context).map { .length($0) }
        case .lengths: return Length.list(document, at: pointer, &context).map { .lengths($0) }
        case .target: return Target.decode(document, at: pointer, &context).map { .target($0) }
        case .targets:
            return items(document, at: pointer, &context) { Target.decode($0, at: $1, &$2) }
                .map { .targets($0) }
        case .momentum:
            if case .null = document.value { return .momentum(nil) }
            return MomentumRange.decode(document, at: pointer, &context).map { .momentum($0) }
        case .knots:
            return items(document, at: pointer, &context) { Knot.decode($0, at: $1, &$2) }
                .map { .knots($0) }
        case .phases:
            return items(document, at: pointer, &context) { Phase.decode($0, at: $1, &$2) }
                .map { .phases($0) }
        case .factors:
            return items(document, at: pointer, &context) { document, pointer, context in
                guard var object = ObjectDecoder(document, at: pointer, &context) else {
                    return nil
                }
                let curve = curve(in: &object, default: nil, &context)
                object.finish(&context)
                return curve
            }
            .map { .factors($0) }
        }
    }

    /// A list of what `read` reads.
    private static func items<Item>(
        _ document: Document,
        at pointer: Pointer,
        _ context: inout DecodingContext,
        _ read: (Document, Pointer, inout DecodingContext) -> Item?
    ) -> [Item]? {
        guard let array = document.array else {
            let detail = "must be a list, not \(document.summary)"
            context.report(pointer, .type, detail, at: document.position)
            return nil
        }
        let items = array.enumerated().map { read($1, pointer.appending($0), &context) }
        return items.contains { $0 == nil } ? nil : items.compactMap { $0 }
    }
}

extension ObjectDecoder {
    /// Counts every field as known: what they mean depends on a `type` that is faulty itself.
    mutating func passOverAll() {
        for name in names { _ = document(name) }
    }
}
