import Foundation
import TestSupport

/// Checks JSON values against JSON Schema 2020-12, as far as the contract uses it.
///
/// A keyword that is not known here is an error and never passed over, so that no part of a schema goes
/// unchecked unnoticed. References stay within the document.
struct SchemaValidator: Sendable {
    /// Why a schema cannot be applied.
    struct UnsupportedSchema: Error, CustomStringConvertible {
        let description: String
    }

    /// One way in which a value does not fit.
    struct Violation: Hashable, Sendable, CustomStringConvertible {
        /// The JSON pointer of the value.
        let pointer: String
        /// What the schema asks for.
        let detail: String

        var description: String { "\(pointer.isEmpty ? "the value" : pointer) \(detail)" }
    }

    /// The document within which references are looked up.
    let document: JSONValue
    /// Whether a member is refused that a schema lists nowhere and says nothing of.
    ///
    /// Readers must bear new fields; a test of the writer must not.
    let refusesUnlisted: Bool

    init(document: JSONValue, refusesUnlisted: Bool = false) {
        self.document = document
        self.refusesUnlisted = refusesUnlisted
    }

    /// Every way in which `value` does not fit `schema`; empty where it fits.
    func violations(
        of value: JSONValue,
        by schema: JSONValue,
        at pointer: String = ""
    ) throws -> [Violation] {
        if let flag = schema.bool {
            return flag ? [] : [Violation(pointer: pointer, detail: "must not be given")]
        }
        guard let keywords = schema.object else {
            throw UnsupportedSchema(description: "a schema must be an object, not \(schema)")
        }
        return try keywords.sorted { $0.key < $1.key }.flatMap { keyword, argument in
            try check(keyword, argument, of: schema, on: value, at: pointer)
        } + unlisted(in: value, by: keywords, at: pointer)
    }

    /// The value to which `reference` points.
    func resolve(_ reference: String) throws -> JSONValue {
        guard reference.hasPrefix("#/") else {
            throw UnsupportedSchema(description: "\(reference) does not stay within the document")
        }
        var place = document
        for part in reference.dropFirst(2).split(separator: "/", omittingEmptySubsequences: false) {
            let name = String(part.replacing("~1", with: "/").replacing("~0", with: "~"))
            guard let next = place[name] else {
                throw UnsupportedSchema(description: "\(reference) points to nothing")
            }
            place = next
        }
        return place
    }

    private func check(
        _ keyword: String,
        _ argument: JSONValue,
        of schema: JSONValue,
        on value: JSONValue,
        at pointer: String
    ) throws -> [Violation] {
        guard let kind = Keyword(rawValue: keyword) else {
            throw UnsupportedSchema(description: "the keyword \(keyword) is not known")
        }
        switch kind {
        case .title, .description, .default, .examples:
            return []
        case .reference, .not, .oneOf:
            return try checkComposition(kind, argument, on: value, at: pointer)
        case .type, .enumeration, .constant:
            return try checkKind(kind, argument, on: value, at: pointer)
        case .minimum, .maximum, .exclusiveMinimum, .exclusiveMaximum:
            return try checkNumber(kind, argument, on: value, at: pointer)
        case .minimumLength, .maximumLength, .pattern, .format:
            return try checkText(kind, argument, on: value, at: pointer)
        case .items, .minimumItems, .maximumItems:
            return try checkList(kind, argument, on: value, at: pointer)
        case .required, .properties, .additionalProperties, .propertyNames, .maximumMembers:
            return try checkObject(kind, argument, of: schema, on: value, at: pointer)
        }
    }

    private func unlisted(
        in value: JSONValue,
        by keywords: [String: JSONValue],
        at pointer: String
    ) -> [Violation] {
        guard refusesUnlisted, let listed = keywords["properties"]?.object,
            keywords["additionalProperties"] == nil, let members = value.object
        else { return [] }
        return members.keys.filter { listed[$0] == nil }.sorted().map {
            Violation(pointer: "\(pointer)/\($0)", detail: "is not documented")
        }
    }
}
