import Testing

@testable import TrainingAPI

@Suite struct YAMLReaderTests {
    @Test func `reads the same document as JSON`() throws {
        let yaml = """
            name: "007"
            epochs: 10
            rate: 1e-3
            flags: [true, null, no]
            nested: {a: -1.5, b: []}
            """
        let json =
            #"{"name":"007","epochs":10,"rate":1e-3,"flags":[true,null,"no"],"nested":{"a":-1.5,"b":[]}}"#
        #expect(try YAMLReader.read(yaml).document == JSONReader.read(Array(json.utf8)).document)
    }

    @Test func `knows the line and column of a value`() throws {
        let document = try YAMLReader.read("a: 1\nb:\n  c: oops\n").document
        #expect(document["b"]?["c"]?.position == Document.Position(line: 3, column: 6))
    }

    @Test(arguments: [
        "a: &x 1\nb: *x\n", "a: [1, 2", "a: 1\n---\nb: 2\n", "? [a]\n: 1\n", "\tx: 1",
        "a: 1\na: 2\n", "",
    ])
    func `refuses anchors, several documents, doubled names and broken syntax`(text: String) {
        #expect(throws: DocumentError.self) { try YAMLReader.read(text) }
    }

    @Test func `tells of a number beyond a double`() throws {
        let faults = try YAMLReader.read("a: 1e400\n").faults
        #expect(faults.map(\.pointer) == ["/a"])
    }
}
