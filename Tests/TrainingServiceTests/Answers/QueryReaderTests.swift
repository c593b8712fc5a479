import HTTP
import Testing
import TrainingAPI

@testable import TrainingService

@Suite struct QueryReaderTests {
    private func reader(_ items: [(String, String)]) -> QueryReader {
        let query = Query(items: items.map { Query.Item(name: $0.0, value: $0.1) })
        return QueryReader(Request(method: .get, path: [], query: query))
    }

    private func faults(_ reader: QueryReader) throws -> [String] {
        var reader = reader
        do throws(Problem) {
            try reader.finish()
            return []
        } catch {
            #expect(error.status == 422)
            return error.faults.map { "\($0.pointer) \($0.detail)" }
        }
    }

    @Test func `reads texts, numbers, flags and prefixed names`() throws {
        var reader = reader([
            ("series", "a"), ("series", "b"), ("limit", "5"), ("dry", ""), ("label.team", "x"),
        ])
        #expect(reader.texts("series") == ["a", "b"])
        #expect(reader.integer("limit", in: 1...5) == 5)
        #expect(reader.flag("dry") == true)
        #expect(reader.flag("wet") == false)
        #expect(reader.texts(prefix: "label.") == ["team": "x"])
        #expect(try faults(reader).isEmpty)
    }

    @Test(arguments: ["0", "6", "five", "", "1.0", "99999999999999999999"])
    func `refuses a number outside its range, with the range`(text: String) throws {
        var reader = reader([("limit", text)])
        #expect(reader.integer("limit", in: 1...5) == nil)
        #expect(
            try faults(reader) == [
                "?limit must be a whole number from 1 to 5, not \"\(text)\""
            ]
        )
    }

    @Test(arguments: [("True", true), ("False", false), ("1", true), ("0", false), ("", true)])
    func `reads a flag as Python and others write it`(text: String, value: Bool) throws {
        var reader = reader([("follow", text)])
        #expect(reader.flag("follow") == value)
        #expect(try faults(reader).isEmpty)
    }

    @Test func `refuses what is no flag`() throws {
        var reader = reader([("dry", "maybe")])
        #expect(reader.flag("dry") == false)
        #expect(try faults(reader) == ["?dry must be true or false, not \"maybe\""])
    }

    @Test func `refuses a parameter that is there twice`() throws {
        var reader = reader([("limit", "1"), ("limit", "2")])
        _ = reader.integer("limit", in: 1...5)
        #expect(try faults(reader) == ["?limit must be given once, not 2 times"])
    }

    @Test func `refuses every parameter that nothing asked for, and says what is known`() throws {
        var asked = reader([("limt", "1"), ("x", "2")])
        _ = asked.integer("limit", in: 1...5)
        #expect(
            try faults(asked) == [
                "?limt is not a parameter; known are limit",
                "?x is not a parameter; known are limit",
            ]
        )
        #expect(try faults(reader([("x", "")])) == ["?x is not a parameter; there are none here"])
    }
}
