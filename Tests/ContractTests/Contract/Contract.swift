import Foundation
import TestSupport

/// What `openapi.yaml` promises: operations and the answers that each may give.
struct Contract: Sendable {
    /// One operation.
    struct Operation: Sendable {
        let id: String
        let method: String
        let path: String
        /// The operation's object in the document.
        let object: JSONValue
        /// The answers by status.
        let responses: [Int: JSONValue]
    }

    /// A kind of answer that the document lists: an operation, a status, and a media type where the
    /// answer has a body.
    struct Promise: Hashable, Sendable, Comparable, CustomStringConvertible {
        let operation: String
        let status: Int
        let mediaType: String?

        var description: String { "\(operation) \(status) \(mediaType ?? "without a body")" }

        static func < (left: Promise, right: Promise) -> Bool {
            left.description < right.description
        }
    }

    /// Why a document cannot be used.
    struct Malformed: Error, CustomStringConvertible {
        let description: String
    }

    /// The operation under which answers stand that come before one is chosen.
    static let beforeRouting = "x-answers-before-routing"
    /// The names of a path's members that are operations.
    static let methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"]

    /// The whole document.
    let document: JSONValue
    /// The text from which it was read.
    let text: String
    /// The operations by id, ``beforeRouting`` among them.
    let operations: [String: Operation]

    /// The repository's `openapi.yaml`, read once.
    static let repository = Result {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let file = root.appending(path: "openapi.yaml")
        return try Contract(text: String(contentsOf: file, encoding: .utf8))
    }

    init(text: String) throws {
        self.text = text
        let document = try JSONValue(parsingYAML: text)
        self.document = document
        let validator = SchemaValidator(document: document)
        var operations: [String: Operation] = [:]
        func add(_ id: String, _ method: String, _ path: String, _ object: JSONValue) throws {
            var responses: [Int: JSONValue] = [:]
            for (word, response) in object["responses"]?.object ?? [:] {
                guard let status = Int(word) else {
                    throw Malformed(description: "\(id): \(word) is not a status")
                }
                responses[status] = try validator.dereferenced(response)
            }
            guard !responses.isEmpty, operations[id] == nil else {
                throw Malformed(description: "\(id) stands twice or has no responses")
            }
            operations[id] = Operation(
                id: id,
                method: method,
                path: path,
                object: object,
                responses: responses
            )
        }
        for (path, item) in document["paths"]?.object ?? [:] {
            for method in Self.methods {
                guard let object = item[method] else { continue }
                guard let id = object["operationId"]?.string else {
                    throw Malformed(description: "\(method) \(path) has no operationId")
                }
                try add(id, method.uppercased(), path, object)
            }
        }
        if let responses = document[Self.beforeRouting] {
            try add(Self.beforeRouting, "", "", ["responses": responses])
        }
        self.operations = operations
    }

    /// Every kind of answer that the document lists.
    var promises: Set<Promise> {
        Set(
            operations.values.flatMap { operation in
                operation.responses.flatMap { status, response -> [Promise] in
                    let types = response["content"]?.object?.keys.map { Optional($0) } ?? [nil]
                    return types.map {
                        Promise(operation: operation.id, status: status, mediaType: $0)
                    }
                }
            }
        )
    }

    /// The schemas by name.
    var schemas: [String: JSONValue] { document["components"]?["schemas"]?.object ?? [:] }

    /// The schemas of native schedules, by the `type` that each asks for.
    var scheduleSchemas: [JSONValue: JSONValue] {
        let forms = schemas["Schedule"]?["oneOf"]?.array ?? []
        return Dictionary(
            forms.compactMap { form in
                // A dangling reference is found by a test of its own.
                guard let schema = try? flattened(form),
                    let type = schema["properties"]?["type"]?["const"]
                else { return nil }
                return (type, schema)
            },
            uniquingKeysWith: { first, _ in first }
        )
    }

    /// `schema` with the keywords of the one to which it refers; its own win.
    func flattened(_ schema: JSONValue) throws -> JSONValue {
        guard let reference = schema["$ref"]?.string,
            let target = try SchemaValidator(document: document).resolve(reference).object
        else { return schema }
        return .object(target.merging(schema.object ?? [:]) { $1 })
    }

    /// The methods that are documented for each path.
    var methodsByPath: [String: Set<String>] {
        Dictionary(grouping: operations.values.filter { !$0.path.isEmpty }, by: \.path)
            .mapValues { Set($0.map(\.method)) }
    }
}

extension SchemaValidator {
    /// The object itself, or the one to which it refers.
    func dereferenced(_ object: JSONValue) throws -> JSONValue {
        guard let reference = object["$ref"]?.string else { return object }
        return try resolve(reference)
    }
}
