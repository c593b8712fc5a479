import HTTP
import Testing

@Suite struct FieldsTests {
    @Test func `sets one value in the place of all that had the name`() {
        var fields: Fields = ["A": "1", "B": "2", "a": "3"]
        fields.set("a", "4")
        #expect(fields.map { "\($0.name)=\($0.value)" } == ["A=4", "B=2"])
    }

    @Test func `removes every field of a name with nil`() {
        var fields: Fields = ["A": "1", "B": "2", "a": "3"]
        fields["A"] = nil
        #expect(fields.map(\.name) == ["B"])
    }

    @Test func `does not take names of equal length for each other`() {
        let fields: Fields = ["Accept": "1"]
        #expect(fields["Accepu"] == nil)
        #expect(fields["acc\u{45}pt"] == "1")
    }
}
