internal import Foundation
internal import Jobs
internal import TrainingAPI

/// A place in a list of stored schedules or of the versions of one.
struct ScheduleCursor {
    /// The most items of a page.
    let limit: Int
    /// The place in a list of names.
    private(set) var name: DocumentQuery.Cursor?
    /// The version before the place in a list of versions.
    private(set) var version: Int?

    /// Reads the parameters of a list, and reports a cursor that no answer gave.
    init(_ reader: inout QueryReader) {
        limit = reader.integer("limit", in: 1...500) ?? 50
        guard let text = reader.text("cursor") else { return }
        guard let document = CursorText.decode(text),
            let microseconds = document["t"]?.integer, JobCursor.places.contains(microseconds),
            let name = document["n"]?.string, let version = document["v"]?.integer
        else {
            reader.report("cursor", "is not one that a list answered")
            return
        }
        let instant = Date(microsecondsSince1970: Int64(microseconds))
        self.name = DocumentQuery.Cursor(createdAt: instant, name: name)
        self.version = version
    }

    /// The cursor of the page that begins after `document`.
    static func text(after document: VersionedDocument) -> String {
        CursorText.encode { writer in
            writer.field("t", Int(document.createdAt.microsecondsSince1970))
            writer.field("n", document.id.name)
            writer.field("v", document.version)
        }
    }
}
