import Testing

@testable import TrainingAPI

@Suite struct DocumentYAMLTests {
    @Test(arguments: [
        #"{}"#, #"[]"#, #"{"a": []}"#, #"{"a": {}, "b": [[], {}]}"#, #"5"#, #"-1.5e-7"#, #""x""#,
        #"{"name": "fashion-cosine", "n": null, "yes": true, "on": "off", "3": "0x10"}"#,
        #"{"text": "two\nlines: #5 \u0007 \"é\"", "": " ", "a b": "- c", "~": "1_000"}"#,
        #"{"list": [1, 0.1, "a"], "nested": [{"a": 1, "b": [2, [3]]}, "c", [[1], 2]]}"#,
    ])
    func `reads back to the same value`(json: String) throws {
        let document = try JSONReader.read(Array(json.utf8)).document
        let yaml = document.yaml()
        let found = try BodyFormat.yaml.read(yaml).document
        #expect(found == document, "\(String(decoding: yaml, as: UTF8.self))")
    }

    @Test func `is written as people write it`() throws {
        let json =
            #"{"model": {"type": "mlp", "hidden": [256, 128]}, "name": "a b", "list": [{"a": 1}]}"#
        let text = String(
            decoding: try JSONReader.read(Array(json.utf8)).document.yaml(),
            as: UTF8.self
        )
        #expect(
            text == """
                model:
                  type: mlp
                  hidden: [256, 128]
                name: "a b"
                list:
                  -
                    a: 1

                """
        )
    }
}
