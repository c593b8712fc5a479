import Testing

@testable import HTTP

@Suite struct ContentSelectionTests {
    private func selection(
        _ fields: Fields,
        method: HTTP.Method = .get,
        size: Int = 10
    ) -> ContentSelection {
        let request = Request(method: method, path: ["file"], fields: fields)
        return ContentSelection(request, size: size, entityTag: "\"a\"")
    }

    @Test func `is a part for GET, and the whole for other methods and without a range`() {
        #expect(selection(["Range": "bytes=2-4"]) == .part(2..<5))
        #expect(selection(["Range": "bytes=2-4"], method: .head) == .whole)
        #expect(selection(["Range": "bytes=2-4"], method: .put) == .whole)
        #expect(selection(["Range": "bytes=4-2"]) == .whole)
        #expect(selection([:]) == .whole)
        #expect(selection(["If-Range": "\"a\""]) == .whole)
    }

    @Test(arguments: [
        ("\"a\"", ContentSelection.part(2..<10)), ("\"b\"", .whole), ("W/\"a\"", .whole),
        ("a", .whole), ("", .whole), ("*", .whole), ("\"a\", \"b\"", .whole),
        ("\"a-gzip\"", .whole),
        ("Fri, 27 Nov 2026 12:00:00 GMT", .whole),
    ])
    func `is a part of that content alone which the client has begun`(
        tag: String,
        expected: ContentSelection
    ) {
        #expect(selection(["Range": "bytes=2-", "If-Range": tag]) == expected)
        // A range behind another content is no mistake.
        #expect(
            selection(["Range": "bytes=10-", "If-Range": tag])
                == (expected == .whole ? .whole : .unsatisfiable)
        )
    }

    @Test func `tells that a range lies behind the content, unless that is empty`() {
        #expect(selection(["Range": "bytes=10-"]) == .unsatisfiable)
        #expect(selection(["Range": "bytes=-0"]) == .unsatisfiable)
        #expect(selection(["Range": "bytes=0-"], size: 0) == .whole)
        #expect(selection(["Range": "bytes=-1"], size: 0) == .whole)
    }

    @Test func `says in Content-Range what it is`() {
        #expect(ContentSelection.part(2..<5).contentRange(of: 10) == "bytes 2-4/10")
        #expect(ContentSelection.unsatisfiable.contentRange(of: 10) == "bytes */10")
        #expect(ContentSelection.whole.contentRange(of: 10) == nil)
    }
}
