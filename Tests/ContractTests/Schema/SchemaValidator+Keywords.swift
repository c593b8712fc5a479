import Foundation
import TestSupport

extension SchemaValidator {
    func checkComposition(
        _ keyword: Keyword,
        _ argument: JSONValue,
        on value: JSONValue,
        at pointer: String
    ) throws -> [Violation] {
        switch keyword {
        case .reference:
            return try violations(of: value, by: resolve(text(argument)), at: pointer)
        case .not:
            let fits = try violations(of: value, by: argument, at: pointer).isEmpty
            return fits ? [Violation(pointer: pointer, detail: "must not fit \(argument)")] : []
        default:
            let results = try list(argument).map { try violations(of: value, by: $0, at: pointer) }
            let fitting = results.count(where: \.isEmpty)
            guard fitting != 1 else { return [] }
            let nearest = results.min { $0.count < $1.count } ?? []
            let reasons = nearest.map(\.description).joined(separator: "; ")
            let detail = "must fit one of \(results.count) forms and fits \(fitting): \(reasons)"
            return [Violation(pointer: pointer, detail: detail)]
        }
    }

    func checkKind(
        _ keyword: Keyword,
        _ argument: JSONValue,
        on value: JSONValue,
        at pointer: String
    ) throws -> [Violation] {
        switch keyword {
        case .constant:
            return claim(value == argument, "must be \(argument), not \(value)", at: pointer)
        case .enumeration:
            let holds = try list(argument).contains(value)
            return claim(holds, "must be one of \(argument), not \(value)", at: pointer)
        default:
            let names = try argument.array?.map(text) ?? [text(argument)]
            let holds = try names.contains { try Self.is(value, of: $0) }
            let words = names.joined(separator: " or ")
            return claim(holds, "must be of type \(words), not \(value)", at: pointer)
        }
    }

    func checkNumber(
        _ keyword: Keyword,
        _ argument: JSONValue,
        on value: JSONValue,
        at pointer: String
    ) throws -> [Violation] {
        guard let bound = argument.number else {
            throw UnsupportedSchema(description: "\(keyword.rawValue) must be a number")
        }
        guard let number = value.number else { return [] }
        let (holds, words) =
            switch keyword {
            case .minimum: (number >= bound, "at least")
            case .maximum: (number <= bound, "at most")
            case .exclusiveMinimum: (number > bound, "above")
            default: (number < bound, "below")
            }
        return claim(holds, "must be \(words) \(argument), not \(value)", at: pointer)
    }

    func checkText(
        _ keyword: Keyword,
        _ argument: JSONValue,
        on value: JSONValue,
        at pointer: String
    ) throws -> [Violation] {
        guard let string = value.string else { return [] }
        let length = string.unicodeScalars.count
        switch keyword {
        case .minimumLength:
            return claim(try length >= count(argument), "is shorter than \(argument)", at: pointer)
        case .maximumLength:
            return claim(try length <= count(argument), "is longer than \(argument)", at: pointer)
        case .pattern:
            let regex = try Regex(text(argument)).matchingSemantics(.unicodeScalar)
            let holds = try regex.firstMatch(in: string) != nil
            return claim(holds, "does not match \(argument): \(value)", at: pointer)
        default:
            guard argument == "date-time" else {
                throw UnsupportedSchema(description: "the format \(argument) is not known")
            }
            let regex = /[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]+)?(Z|[+-][0-9]{2}:[0-9]{2})/
            let withoutFraction = string.replacing(/\.[0-9]+/, with: "")
            let isDate = (try? Date(withoutFraction, strategy: .iso8601)) != nil
            let holds = string.wholeMatch(of: regex) != nil && isDate
            return claim(holds, "is not an instant: \(value)", at: pointer)
        }
    }

    func checkList(
        _ keyword: Keyword,
        _ argument: JSONValue,
        on value: JSONValue,
        at pointer: String
    ) throws -> [Violation] {
        guard let items = value.array else { return [] }
        switch keyword {
        case .minimumItems:
            return claim(try items.count >= count(argument), "has too few items", at: pointer)
        case .maximumItems:
            return claim(try items.count <= count(argument), "has too many items", at: pointer)
        default:
            return try items.enumerated().flatMap { index, item in
                try violations(of: item, by: argument, at: "\(pointer)/\(index)")
            }
        }
    }

    func checkObject(
        _ keyword: Keyword,
        _ argument: JSONValue,
        of schema: JSONValue,
        on value: JSONValue,
        at pointer: String
    ) throws -> [Violation] {
        guard let members = value.object else { return [] }
        switch keyword {
        case .required:
            return try list(argument).map(text).filter { members[$0] == nil }.map {
                Violation(pointer: "\(pointer)/\($0)", detail: "is missing")
            }
        case .properties:
            guard let properties = argument.object else {
                throw UnsupportedSchema(description: "properties must be an object")
            }
            return try properties.sorted { $0.key < $1.key }.flatMap { name, schema in
                try members[name].map {
                    try violations(of: $0, by: schema, at: "\(pointer)/\(name)")
                } ?? []
            }
        case .propertyNames:
            return try members.keys.sorted().flatMap { name in
                try violations(of: .string(name), by: argument, at: "\(pointer)/\(name)")
            }
        case .maximumMembers:
            return claim(try members.count <= count(argument), "has too many members", at: pointer)
        default:
            let listed = schema["properties"]?.object ?? [:]
            return try members.sorted { $0.key < $1.key }.filter { listed[$0.key] == nil }
                .flatMap { try violations(of: $1, by: argument, at: "\(pointer)/\($0)") }
        }
    }

    private static func `is`(_ value: JSONValue, of type: String) throws -> Bool {
        switch (type, value) {
        case ("null", .null), ("boolean", .bool), ("number", .number), ("string", .string),
            ("array", .array), ("object", .object):
            return true
        case ("integer", .number(let number)):
            return number == number.rounded()
        case ("null", _), ("boolean", _), ("number", _), ("string", _), ("array", _), ("object", _),
            ("integer", _):
            return false
        default:
            throw UnsupportedSchema(description: "the type \(type) is not known")
        }
    }

    private func claim(_ holds: Bool, _ detail: String, at pointer: String) -> [Violation] {
        holds ? [] : [Violation(pointer: pointer, detail: detail)]
    }

    private func text(_ argument: JSONValue) throws -> String {
        guard let text = argument.string else {
            throw UnsupportedSchema(description: "text must stand where \(argument) does")
        }
        return text
    }

    private func list(_ argument: JSONValue) throws -> [JSONValue] {
        guard let items = argument.array, !items.isEmpty else {
            throw UnsupportedSchema(description: "a list must stand where \(argument) does")
        }
        return items
    }

    private func count(_ argument: JSONValue) throws -> Int {
        guard let count = argument.integer, count >= 0 else {
            throw UnsupportedSchema(description: "a count must stand where \(argument) does")
        }
        return count
    }
}
