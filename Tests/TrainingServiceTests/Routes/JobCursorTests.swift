import Foundation
import HTTP
import Jobs
import Testing
import TrainingAPI

@testable import TrainingService

@Suite struct JobCursorTests {
    private func cursor(_ items: [(String, String)]) throws -> JobCursor {
        let query = Query(items: items.map { Query.Item(name: $0.0, value: $0.1) })
        var reader = QueryReader(Request(method: .get, path: [], query: query))
        let cursor = try JobCursor(&reader)
        try reader.finish()
        return cursor
    }

    private let place = JobQuery.Cursor(
        createdAt: Date(microsecondsSince1970: 1_700_000_000_123_457),
        id: .random(at: Date(timeIntervalSince1970: 1_700_000_000))
    )

    @Test func `carries the filters of its list to the next page`() throws {
        let first = try cursor([
            ("state", "queued"), ("state", "running"), ("kind", "train"), ("name", "ä/+?&="),
            ("label.team", "vision"), ("limit", "7"),
        ])
        #expect(first.query.states == [.queued, .running])
        let text = first.text(after: place)
        let safe = CharacterSet.alphanumerics.union(.init(charactersIn: "-_"))
        #expect(text.unicodeScalars.allSatisfy { safe.contains($0) })
        let second = try cursor([("cursor", text), ("limit", "9")]).query
        #expect(second.cursor == place)
        #expect(second.states == [.queued, .running])
        #expect(second.kind == "train")
        #expect(second.name == "ä/+?&=")
        #expect(second.labels == ["team": "vision"])
        #expect(second.limit == 9)
    }

    @Test func `has no filters where its list had none`() throws {
        let query = try cursor([("cursor", try cursor([]).text(after: place))]).query
        #expect(query.cursor == place)
        #expect(query.states == nil && query.kind == nil && query.name == nil)
        #expect(query.labels.isEmpty)
        #expect(query.limit == 50)
    }

    @Test(arguments: [
        "", "nonsense", "e30", #"{"t":1,"i":"x"}"#,
        #"{"t":9223372036854775807,"i":"01900000-0000-7000-8000-000000000000"}"#,
        #"{"t":-1,"i":"01900000-0000-7000-8000-000000000000"}"#,
    ])
    func `refuses what no list answered`(text: String) throws {
        let encoded = text.hasPrefix("{") ? Data(text.utf8).base64EncodedString() : text
        let problem = #expect(throws: Problem.self) { try cursor([("cursor", encoded)]) }
        #expect(problem?.status == 422)
        #expect(problem?.faults.map(\.pointer) == ["?cursor"])
    }

    @Test func `refuses a state that there is not, with those that there are`() throws {
        let problem = #expect(throws: Problem.self) {
            try cursor([("state", "sleeping"), ("limit", "501")])
        }
        #expect(problem?.faults.map(\.pointer).sorted() == ["?limit", "?state"])
        #expect(problem?.faults.contains { $0.detail.contains("queued, running") } == true)
    }
}
