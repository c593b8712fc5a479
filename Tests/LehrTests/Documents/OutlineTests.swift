import Testing
import TrainingAPI

@testable import lehr

@Suite struct OutlineTests {
    @Test func `writes a document as YAML that reads back the same`() throws {
        let json = #"""
            {"name": "a b", "model": {"type": "mlp", "hidden": [256, 128]}, "rate": 1e-05,
             "on": "no", "labels": {}, "none": null, "phases": [{"type": "constant"}, [1, [2]]]}
            """#
        let document = try JSONReader.read(Array(json.utf8)).document
        let lines = Outline.lines(document)
        #expect(
            lines == [
                "name: \"a b\"", "model:", "  type: mlp", "  hidden: [256, 128]", "rate: 1e-05",
                "\"on\": \"no\"", "labels: {}",
                "none: \"null\"".replacing("\"null\"", with: "null"),
                "phases:", "  - type: constant", "  - - 1", "    - [2]",
            ]
        )
        #expect(try YAMLReader.read(lines.joined(separator: "\n")).document == document)
    }
}
