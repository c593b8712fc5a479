import Testing
import TrainingAPI

@testable import lehr

@Suite struct SpecificationFileTests {
    private func file(_ name: String, _ text: String) -> SpecificationFile {
        SpecificationFile(name: name, bytes: Array(text.utf8))
    }

    @Test(arguments: [
        ("a.json", "x: 1", BodyFormat.json), ("a.yaml", "{}", .yaml), ("a.YML", "{}", .yaml),
        ("standard input", " \n{", .json), ("standard input", "a: 1", .yaml), ("job", "", .yaml),
    ])
    func `takes the format from the name, else from the first character`(
        name: String,
        text: String,
        format: BodyFormat
    ) {
        #expect(file(name, text).format == format)
    }

    @Test func `sends the bytes as they are where nothing is set`() throws {
        let text = "# mine\nepochs: 1 # few\n"
        let (bytes, format) = try file("a.yaml", text).edited(by: [])
        #expect(String(decoding: bytes, as: UTF8.self) == text)
        #expect(format == .yaml)
    }

    @Test func `sends JSON where something is set`() throws {
        let (bytes, format) = try file("a.yaml", "epochs: 1 # few\n")
            .edited(by: [Assignment("epochs=2")])
        #expect(String(decoding: bytes, as: UTF8.self) == #"{"epochs":2}"#)
        #expect(format == .json)
    }

    @Test(arguments: [
        ("a.json", "{\"a\": 1,\n}", "error: a.json is not JSON", "  a.json:2:1"),
        ("a.yaml", "a: [1\nb: 2", "error: a.yaml is not YAML", "  a.yaml:2:2"),
        ("a.json", "{\"a\": 1,\n\"a\": 2}", "error: a.json cannot be edited", "  a.json:2:1"),
    ])
    func `shows where a file that cannot be edited is wrong`(
        name: String,
        text: String,
        summary: String,
        place: String
    ) {
        #expect {
            try file(name, text).edited(by: [Assignment("a=2")])
        } throws: { error in
            let lines = (error as? FaultReport)?.lines(ink: Ink(isColored: false)) ?? []
            return lines.count == 2 && lines[0] == summary && lines[1].hasPrefix(place + " ")
        }
    }

    @Test func `names a file that is not there`() {
        #expect {
            try SpecificationFile.read("/nowhere/job.yaml")
        } throws: {
            "\($0)" == "there is no file /nowhere/job.yaml"
        }
    }
}
