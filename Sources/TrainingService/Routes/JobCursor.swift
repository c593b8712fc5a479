internal import Foundation
internal import Jobs
internal import TrainingAPI

/// A place in a list of jobs, with the filters of that list, as an opaque text.
struct JobCursor {
    /// The places that an answer can have named: from 1970 through the year 9999, in microseconds.
    static let places = 0...253_402_300_799_999_999

    /// What the list asks the store.
    let query: JobQuery

    /// Reads the filters and the cursor of a request; a cursor brings its own filters.
    ///
    /// - Parameter reader: The request's query.
    /// - Throws: `Problem` 422 for a cursor that no answer gave.
    init(_ reader: inout QueryReader) throws(Problem) {
        let limit = reader.integer("limit", in: 1...500) ?? 50
        let text = reader.text("cursor")
        var query = JobQuery(limit: limit)
        let states = reader.texts("state")
        for state in states where JobState(rawValue: state) == nil {
            let words = JobState.allCases.map(\.rawValue).joined(separator: ", ")
            reader.report("state", "must be one of \(words), not \"\(state)\"")
        }
        query.states = states.isEmpty ? nil : Set(states.compactMap(JobState.init(rawValue:)))
        query.kind = reader.text("kind")
        query.name = reader.text("name")
        query.labels = reader.texts(prefix: "label.")
        if let text {
            guard let read = Self.read(text, limit: limit) else {
                reader.report("cursor", "is not one that a list answered")
                self.query = query
                return
            }
            query = read
        }
        self.query = query
    }

    /// The cursor of the page that begins after `place`.
    func text(after place: JobQuery.Cursor) -> String {
        CursorText.encode { writer in
            writer.field("t", Int(place.createdAt.microsecondsSince1970))
            writer.field("i", place.id.description)
            if let states = query.states { writer.field("s", states.map(\.rawValue).sorted()) }
            if let kind = query.kind { writer.field("k", kind) }
            if let name = query.name { writer.field("n", name) }
            if !query.labels.isEmpty { writer.field("l", query.labels) }
        }
    }

    private static func read(_ text: String, limit: Int) -> JobQuery? {
        guard let document = CursorText.decode(text),
            let microseconds = document["t"]?.integer, places.contains(microseconds),
            let id = document["i"]?.string.flatMap({ JobID($0) })
        else { return nil }
        var query = JobQuery(limit: limit)
        query.cursor = JobQuery.Cursor(
            createdAt: Date(microsecondsSince1970: Int64(microseconds)),
            id: id
        )
        query.states = document["s"]?.array.map {
            Set($0.compactMap(\.string).compactMap(JobState.init(rawValue:)))
        }
        query.kind = document["k"]?.string
        query.name = document["n"]?.string
        query.labels = document["l"]?.strings ?? [:]
        return query
    }
}
