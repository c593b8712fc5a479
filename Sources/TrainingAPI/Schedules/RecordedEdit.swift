public import Schedules

/// An edit of a job's rates as it was taken: an item of `GET /v1/jobs/{id}/schedule-edits`.
public struct RecordedEdit: Hashable, Sendable {
    /// The edit.
    public var edit: ScheduleEdit
    /// When it was taken, RFC 3339.
    public var createdAt: String
    /// Who made it; `nil` where the server knows no names.
    public var author: String?
    /// Why, in the words of that person.
    public var note: String?

    /// Makes a record.
    public init(
        _ edit: ScheduleEdit,
        createdAt: String,
        author: String? = nil,
        note: String? = nil
    ) {
        self.edit = edit
        self.createdAt = createdAt
        self.author = author
        self.note = note
    }
}

extension RecordedEdit: JSONWritable {
    /// Writes the record.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("from_step", edit.fromStep)
            edit.change.write(to: &writer)
            writer.field("created_at", createdAt)
            writer.field("author", author)
            writer.field("note", note)
        }
    }

    /// Reads a record.
    public init?(_ document: Document) {
        guard let step = document["from_step"]?.integer,
            let change = ScheduleEdit.Change(document),
            let created = document["created_at"]?.string
        else { return nil }
        self.init(
            ScheduleEdit(fromStep: step, change),
            createdAt: created,
            author: document["author"]?.string,
            note: document["note"]?.string
        )
    }
}

/// What an edit does: the answer to `POST /v1/jobs/{id}/schedule-edits`.
public struct ScheduleEditReceipt: Hashable, Sendable {
    /// The first update that uses the changed rate.
    public var fromStep: Int
    /// The rate that the update would have used.
    public var before: Double
    /// The rate that it uses.
    public var after: Double
    /// The version of the rates with the edit; without it, where nothing was stored.
    public var version: Int
    /// What was done, as a sentence.
    public var reason: String
    /// What looks wrong.
    public var warnings: [Fault]
    /// The rates with the edit, where nothing was stored.
    public var schedule: ScheduleBody?

    /// Makes a receipt for what an edit changes.
    public init(
        _ event: RateEvent,
        version: Int,
        warnings: [Fault] = [],
        schedule: ScheduleBody? = nil
    ) {
        fromStep = event.step
        before = event.before
        after = event.after
        reason = event.reason
        self.version = version
        self.warnings = warnings
        self.schedule = schedule
    }
}

extension ScheduleEditReceipt: JSONWritable {
    /// Writes the receipt.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("from_step", fromStep)
            writer.field("before", before)
            writer.field("after", after)
            writer.field("version", version)
            writer.field("reason", reason)
            if !warnings.isEmpty { writer.field("warnings", warnings) }
            if let schedule { writer.field("schedule", schedule) }
        }
    }

    /// Reads a receipt.
    public init?(_ document: Document) {
        guard let step = document["from_step"]?.integer, let before = document["before"]?.double,
            let after = document["after"]?.double, let version = document["version"]?.integer,
            let reason = document["reason"]?.string
        else { return nil }
        fromStep = step
        self.before = before
        self.after = after
        self.version = version
        self.reason = reason
        warnings = document["warnings"]?.array?.compactMap { Fault($0) } ?? []
        schedule = document["schedule"].flatMap { ScheduleBody($0) }
    }
}
