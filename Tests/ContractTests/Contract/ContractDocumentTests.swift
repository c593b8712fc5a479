import TestSupport
import Testing

/// The document alone, without a server.
@Suite struct ContractDocumentTests {
    private let contract: Contract
    private let validator: SchemaValidator

    init() throws {
        contract = try Contract.repository.get()
        validator = SchemaValidator(document: contract.document)
    }

    @Test func `every schema uses only what the validator checks`() throws {
        var schemas: [(place: String, schema: JSONValue)] = []
        contract.document.visit { place, value in
            guard !place.hasSuffix("/examples"), !place.hasSuffix("/example") else { return false }
            for name in ["schema", "x-line-schema"] {
                if let schema = value[name] { schemas.append(("\(place)/\(name)", schema)) }
            }
            if place.hasSuffix("/components/schemas") {
                schemas += (value.object ?? [:]).map { ("\(place)/\($0)", $1) }
            }
            return true
        }
        #expect(schemas.count > 80)
        for (place, schema) in schemas {
            #expect(validator.complaints(about: schema, called: place).isEmpty)
        }
    }

    @Test func `every reference leads somewhere and every component is used`() throws {
        var references: Set<String> = []
        contract.document.visit { _, value in
            if let reference = value["$ref"]?.string { references.insert(reference) }
            return true
        }
        for reference in references { _ = try validator.resolve(reference) }
        let security = contract.document["security"]?.array ?? []
        for name in security.flatMap({ $0.object?.keys.sorted() ?? [] }) {
            references.insert("#/components/securitySchemes/\(name)")
        }
        for (kind, members) in contract.document["components"]?.object ?? [:] {
            for name in members.object?.keys.sorted() ?? [] {
                #expect(references.contains("#/components/\(kind)/\(name)"))
            }
        }
    }

    @Test func `every example fits its schema`() throws {
        var examples: [(place: String, schema: JSONValue, value: JSONValue)] = []
        contract.document.visit { place, value in
            let schema = value["schema"] ?? value
            if let example = value["example"] { examples.append((place, schema, example)) }
            for example in value["examples"]?.array ?? [] {
                examples.append((place, value, example))
            }
            for (name, example) in value["examples"]?.object ?? [:] {
                guard let inner = example["value"] else { continue }
                examples.append(("\(place)/\(name)", schema, inner))
            }
            return true
        }
        #expect(examples.count > 30)
        for (place, schema, value) in examples {
            let found = try validator.violations(of: value, by: schema)
            #expect(found.isEmpty, "\(place): \(found)")
        }
    }

    @Test func `every documented answer is provoked, and no other is expected`() {
        let documented = contract.promises
        let provoked = Set(Provocation.all.map(\.promise))
        #expect(documented.subtracting(provoked).sorted() == [])
        #expect(provoked.subtracting(documented).sorted() == [])
    }

    @Test(arguments: Sample.accepted)
    func `a job that the server takes fits its schema`(sample: Sample) throws {
        #expect(try violations(of: sample).isEmpty)
    }

    @Test(arguments: Sample.refusedBySchema)
    func `a job that the server refuses does not fit its schema`(sample: Sample) throws {
        #expect(try !violations(of: sample).isEmpty)
    }

    @Test(arguments: Sample.schedules)
    func `a schedule that the server takes fits its schema`(sample: Sample) throws {
        #expect(try violations(of: sample, by: "Schedule").isEmpty)
    }

    @Test(arguments: Sample.refusedSchedules)
    func `a schedule that the server refuses does not fit its schema`(sample: Sample) throws {
        #expect(try !violations(of: sample, by: "Schedule").isEmpty)
    }

    @Test func `every type of schedule is provoked`() throws {
        let types = contract.document["components"]?["schemas"]?["CurveType"]?["enum"]?.array
        #expect(Set(Sample.schedules.compactMap { $0.body["type"] }) == Set(types ?? []))
    }

    private func violations(
        of sample: Sample,
        by schema: String = "JobRequest"
    ) throws -> [SchemaValidator.Violation] {
        try validator.violations(
            of: sample.body,
            by: ["$ref": .string("#/components/schemas/\(schema)")]
        )
    }
}

extension JSONValue {
    /// Calls `body` with every object and its place, from the outside in, as long as it asks to go on.
    fileprivate func visit(at place: String = "", _ body: (String, JSONValue) -> Bool) {
        switch self {
        case .object(let members):
            guard body(place, self) else { return }
            for (name, value) in members.sorted(by: { $0.key < $1.key }) {
                value.visit(at: "\(place)/\(name)", body)
            }
        case .array(let items):
            for (index, item) in items.enumerated() { item.visit(at: "\(place)/\(index)", body) }
        default:
            return
        }
    }
}
