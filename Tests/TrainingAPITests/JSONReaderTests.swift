import Testing

@testable import TrainingAPI

@Suite struct JSONReaderTests {
    @Test(arguments: [
        "", " ", "{", "[1,", "[1 2]", "{\"a\" 1}", "{\"a\":1,}", "[1,]", "tru", "nulll", "01", "-",
        "1.", ".5", "1e", "+1", "0x10", "NaN", "Infinity", "'a'", "{a:1}", "\"\u{1}\"", "\"\\x\"",
        "\"\\u12\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"a", "1 2", "{} []",
        "[1]]", "\u{FEFF}1", "//1", "[1 /* */]",
    ])
    func `refuses what RFC 8259 does not allow`(text: String) {
        #expect(throws: DocumentError.self) { try JSONReader.read(Array(text.utf8)) }
    }

    @Test(arguments: [
        [0xFF], [0x22, 0xC3, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x22, 0xC0, 0x80, 0x22],
    ])
    func `refuses bytes that are not UTF-8`(bytes: [UInt8]) {
        #expect(throws: DocumentError.self) { try JSONReader.read(bytes) }
    }

    @Test func `reads every kind of value`() throws {
        let text =
            #" {"a": [null, true, false, -12, 1.5e3, "x\u00e9\ud83d\ude00\n", {}], "b": []} "#
        let document = try JSONReader.read(Array(text.utf8)).document
        let a = try #require(document["a"]?.array)
        #expect(
            a.map(\.value) == [
                .null, .bool(true), .bool(false), .integer(-12), .number(1500), .string("xé😀\n"),
                .object([]),
            ]
        )
        #expect(document["b"]?.array == [])
    }

    @Test func `reads what the writer wrote, to the bit`() throws {
        let doubles: [Double] = [
            0.1, 1e-5, .leastNonzeroMagnitude, 1.7976931348623157e308, -0.0, 1e21,
            123456789012345680,
            0.30000000000000004,
        ]
        let read = try JSONReader.read(doubles.json()).document.array?.compactMap(\.double)
        #expect(read?.map(\.bitPattern) == doubles.map(\.bitPattern))
    }

    @Test(arguments: [(1e22, "1e+22"), (100.0, "100"), (0.05, "0.05"), (1e-7, "1e-07"), (-3, "-3")])
    func `writes numbers in their shortest form`(number: Double, text: String) {
        #expect(String(decoding: number.json(), as: UTF8.self) == text)
    }

    @Test func `tells of a number beyond a double at its pointer`() throws {
        let (_, faults) = try JSONReader.read(Array(#"{"a":[1,1e400],"b":1e-400}"#.utf8))
        #expect(faults.map(\.pointer) == ["/a/1"])
        #expect(faults.map(\.code) == [.range])
        #expect(faults[0].detail.contains("1e400"))
    }

    @Test func `tells of a name that stands twice, and keeps the first`() throws {
        let (document, faults) = try JSONReader.read(Array("{\"a\":1,\n \"a\":2}".utf8))
        #expect(document["a"]?.value == .integer(1))
        #expect(faults.map(\.pointer) == ["/a"])
        #expect(faults[0].position == Document.Position(line: 2, column: 2))
    }

    @Test func `stops at the depth limit, however long the text`() {
        let text = [UInt8](repeating: UInt8(ascii: "["), count: 10_000_000)
        #expect(throws: DocumentError.self) { try JSONReader.read(text) }
        let fits = String(repeating: "[", count: 64) + String(repeating: "]", count: 64)
        #expect(throws: Never.self) { try JSONReader.read(Array(fits.utf8)) }
    }

    @Test func `counts columns in scalars`() throws {
        let error = #expect(throws: DocumentError.self) {
            try JSONReader.read(Array("{\n  \"é😀\": ?}".utf8))
        }
        #expect(error?.position == Document.Position(line: 2, column: 9))
    }

    @Test func `agrees on every cut of a text that it is not whole`() throws {
        let text = Array(#"{"a": [1.25e2, "b\u00e9", true, {"c": null}]}"#.utf8)
        for end in text.indices {
            #expect(throws: DocumentError.self) { try JSONReader.read(Array(text[..<end])) }
        }
    }
}
