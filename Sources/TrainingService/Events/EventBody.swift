internal import Foundation
internal import Jobs
internal import TrainingAPI

/// One event as clients read it.
struct EventBody {
    /// The number of the event; `nil` for one of the stream's own, which no replay begins after.
    let id: Int?
    /// The kind: that of the log, or `gap` or `end`.
    let name: String
    /// What happened: a JSON object.
    let data: [UInt8]

    /// An entry of a job's log.
    init(_ event: JobEventRecord) {
        id = event.id
        name = event.kind.rawValue
        data = event.kind == .state ? Self.state(event) : event.payload
    }

    /// An event of the stream's own.
    private init(_ name: String, _ fields: (inout JSONWriter) -> Void) {
        id = nil
        self.name = name
        var writer = JSONWriter(capacity: 64)
        writer.object(fields)
        data = writer.bytes
    }

    /// Events that the reader does not get: `missing`.
    static func gap(_ missing: ClosedRange<Int>) -> EventBody {
        EventBody("gap") { writer in
            writer.field("from", missing.lowerBound)
            writer.field("to", missing.upperBound)
        }
    }

    /// The end of the events of a job that is in a final state.
    static func end(_ state: JobState) -> EventBody {
        EventBody("end") { $0.field("state", state.rawValue) }
    }

    /// The end of the events of a job that is there no more.
    static let deleted = EventBody("end") { $0.field("state", "deleted") }

    /// The events of a page, with what is missing between them and `number`, after which it begins.
    static func bodies(_ events: [JobEventRecord], after number: Int) -> [EventBody] {
        var bodies: [EventBody] = []
        var last = number
        for event in events {
            if event.id > last + 1 { bodies.append(.gap(last + 1...event.id - 1)) }
            bodies.append(EventBody(event))
            last = event.id
        }
        return bodies
    }

    private static func state(_ event: JobEventRecord) -> [UInt8] {
        var writer = JSONWriter(capacity: 256)
        writer.object { writer in
            writer.field("at", Instant.text(event.instant))
            if let change = event.stateChange { write(change, to: &writer) }
        }
        return writer.bytes
    }

    private static func write(_ change: StateChange, to writer: inout JSONWriter) {
        writer.field("state", change.state.rawValue)
        writer.field("cause", change.cause.rawValue)
        writer.field("detail", change.detail)
        writer.field("attempt", change.attempt)
        writer.field("crashes", change.crashes)
        writer.field("fence", change.fence)
        writer.field("step", change.step)
        writer.field("host", change.host)
        writer.field("not_before", change.notBefore.map(Instant.text))
        writer.name("failure")
        if let failure = change.failure {
            writer.object { writer in
                writer.field("code", failure.code)
                writer.field("detail", failure.detail ?? "")
            }
        } else {
            writer.null()
        }
    }

    /// The event in the form of a stream (HTML Living Standard, 9.2.5).
    ///
    /// The data is one line: JSON has no line breaks outside strings, and the writer escapes them there.
    func append(to bytes: inout [UInt8]) {
        if let id { bytes.append(contentsOf: "id: \(id)\n".utf8) }
        bytes.append(contentsOf: "event: \(name)\ndata: ".utf8)
        bytes.append(contentsOf: data)
        bytes.append(contentsOf: "\n\n".utf8)
    }
}

extension EventBody: JSONWritable {
    /// Writes the event as an item of a list.
    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("id", id)
            writer.field("event", name)
            writer.name("data")
            writer.raw(data)
        }
    }
}
