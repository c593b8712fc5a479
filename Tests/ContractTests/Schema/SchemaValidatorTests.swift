import TestSupport
import Testing

@Suite struct SchemaValidatorTests {
    /// A schema, a value that fits it and one that does not.
    struct Row: Sendable, CustomTestStringConvertible {
        let schema: JSONValue
        let fitting: JSONValue
        let failing: JSONValue

        init(_ schema: JSONValue, fits fitting: JSONValue, fails failing: JSONValue) {
            self.schema = schema
            self.fitting = fitting
            self.failing = failing
        }

        var testDescription: String { "\(schema), \(fitting), \(failing)" }
    }

    static let rows = [
        Row(["type": "null"], fits: nil, fails: 0),
        Row(["type": "boolean"], fits: false, fails: 0),
        Row(["type": "string"], fits: "", fails: nil),
        Row(["type": "number"], fits: 0.5, fails: "0.5"),
        Row(["type": "integer"], fits: 2, fails: 2.5),
        Row(["type": "array"], fits: [], fails: [:]),
        Row(["type": "object"], fits: [:], fails: []),
        Row(["type": ["string", "null"]], fits: nil, fails: 1),
        Row(["const": "a"], fits: "a", fails: "b"),
        Row(["const": 1], fits: 1, fails: true),
        Row(["enum": ["a", 1]], fits: 1, fails: 2),
        Row(["minimum": 1], fits: 1, fails: 0.99),
        Row(["maximum": 1], fits: 1, fails: 1.01),
        Row(["exclusiveMinimum": 0], fits: 0.01, fails: 0),
        Row(["exclusiveMaximum": 1], fits: 0.99, fails: 1),
        Row(["minLength": 2], fits: "ab", fails: "a"),
        Row(["maxLength": 2], fits: "ab", fails: "abc"),
        Row(["maxLength": 1], fits: "\u{1F525}", fails: "e\u{301}"),
        Row(["pattern": "^a+$"], fits: "aa", fails: "ab"),
        Row(["pattern": "b"], fits: "abc", fails: "ac"),
        Row(["format": "date-time"], fits: "2026-11-23T21:04:05.123Z", fails: "2026-11-23"),
        Row(["format": "date-time"], fits: "2026-02-28T00:00:00Z", fails: "2026-13-28T00:00:00Z"),
        Row(["items": ["type": "integer"]], fits: [1, 2], fails: [1, "2"]),
        Row(["minItems": 1], fits: [nil], fails: []),
        Row(["maxItems": 1], fits: [nil], fails: [nil, nil]),
        Row(["required": ["a"]], fits: ["a": nil], fails: ["b": 1]),
        Row(["properties": ["a": ["type": "null"]]], fits: ["a": nil, "b": 1], fails: ["a": 1]),
        Row(["additionalProperties": false], fits: [:], fails: ["a": 1]),
        Row(["propertyNames": ["maxLength": 1]], fits: ["a": 1], fails: ["ab": 1]),
        Row(["maxProperties": 1], fits: ["a": 1], fails: ["a": 1, "b": 1]),
        Row(
            ["properties": ["a": true], "additionalProperties": ["type": "null"]],
            fits: ["a": 1, "b": nil],
            fails: ["a": 1, "b": 1]
        ),
        Row(["not": ["required": ["a", "b"]]], fits: ["a": 1], fails: ["a": 1, "b": 1]),
        Row(["oneOf": [["minimum": 5], ["maximum": 1]]], fits: 7, fails: 3),
        Row(["oneOf": [["minimum": 1], ["maximum": 5]]], fits: 7, fails: 3),
        Row(["$ref": "#/schemas/word"], fits: "a", fails: 1),
        Row(["$ref": "#/schemas/a~1b"], fits: 1, fails: "a"),
        Row(["$ref": "#/schemas/word", "maxLength": 1], fits: "a", fails: "ab"),
    ]

    private static let document: JSONValue = [
        "schemas": ["word": ["type": "string"], "a/b": ["type": "number"]]
    ]
    private let validator = SchemaValidator(document: document)

    @Test(arguments: rows)
    func `tells what fits from what does not`(row: Row) throws {
        #expect(try validator.violations(of: row.fitting, by: row.schema).isEmpty)
        #expect(try !validator.violations(of: row.failing, by: row.schema).isEmpty)
    }

    @Test func `every keyword that is checked has a row`() {
        let annotations: Set<Keyword> = [.title, .description, .default, .examples]
        let used = Self.rows.flatMap { $0.schema.object?.keys.map { Keyword(rawValue: $0) } ?? [] }
        #expect(Set(used) == Set(Keyword.allCases).subtracting(annotations))
    }

    @Test(
        arguments: [
            ["allOf": [true]], ["$ref": "#/schemas/none"], ["$ref": "other.yaml#/a"],
            ["type": "text"],
            ["format": "email"], ["minLength": "1"], ["x-note": true], ["minimum": "0"],
            ["properties": ["a": ["unknown": 1]]], ["items": ["unknown": 1]],
            ["oneOf": [["unknown": 1]]], ["oneOf": []], ["pattern": "("],
        ] as [JSONValue]
    )
    func `fails loudly on what it does not know`(schema: JSONValue) {
        #expect(!validator.complaints(about: schema, called: "schema").isEmpty)
        #expect(throws: (any Error).self) {
            for value in ["text", 1, [1], ["a": 1]] as [JSONValue] {
                _ = try validator.violations(of: value, by: schema)
            }
        }
    }

    @Test func `names the place and every fault at once`() throws {
        let schema: JSONValue = [
            "required": ["b"],
            "properties": ["a": ["items": ["type": "integer", "minimum": 1]]],
        ]
        let found = try validator.violations(of: ["a": [1, 0.5, "x"]], by: schema)
        #expect(Set(found.map(\.pointer)) == ["/b", "/a/1", "/a/2"])
        #expect(found.count == 4)
    }

    @Test func `refuses what is not listed only where it is told to`() throws {
        let strict = SchemaValidator(document: Self.document, refusesUnlisted: true)
        let schema: JSONValue = ["properties": ["a": ["properties": ["b": true]]]]
        let value: JSONValue = ["a": ["b": 1, "c": 1]]
        #expect(try validator.violations(of: value, by: schema).isEmpty)
        #expect(try strict.violations(of: value, by: schema).map(\.pointer) == ["/a/c"])
        let open: JSONValue = ["properties": ["a": true], "additionalProperties": true]
        #expect(try strict.violations(of: ["z": 1], by: open).isEmpty)
    }
}
