internal import Foundation
internal import Jobs
internal import Schedules
internal import TrainingAPI

/// The events that the service tells beside changes of state. Each payload is a JSON object that begins
/// with the event's instant, so that it can be sent as it is stored.
extension JobEventDraft {
    /// An event whose fields `fields` writes.
    init(_ kind: JobEventKind, at now: Date, _ fields: (inout JSONWriter) -> Void) {
        var writer = JSONWriter(capacity: 256)
        writer.object { writer in
            writer.field("at", Instant.text(now))
            fields(&writer)
        }
        self.init(kind, writer.bytes, at: now)
    }

    /// Lines of a job's log.
    static func log(_ lines: [String], at now: Date) -> JobEventDraft {
        JobEventDraft(.log, at: now) { $0.field("lines", lines) }
    }

    /// A checkpoint from which the job can go on.
    static func checkpoint(_ commit: CheckpointCommit) -> JobEventDraft {
        JobEventDraft(.checkpoint, at: commit.instant) { writer in
            writer.field("step", commit.step)
            writer.field("size", commit.file.size)
            writer.field("hash", commit.file.hash)
        }
    }

    /// A change of the rate that the schedule alone would not have made.
    static func schedule(_ event: RateEvent, at now: Date) -> JobEventDraft {
        JobEventDraft(.schedule, at: now) { writer in
            writer.field("step", event.step)
            writer.field("kind", event.kind.rawValue)
            writer.field("before", event.before)
            writer.field("after", event.after)
            writer.field("reason", event.reason)
        }
    }

    /// That the bits from here on are not those of an undisturbed run.
    static func numericsChanged(_ change: NumericsChange, at now: Date) -> JobEventDraft {
        JobEventDraft(.diagnosis, at: now) { writer in
            writer.field("kind", "numerics_changed")
            writer.field("step", change.step)
            writer.field("from_environment", change.before)
            writer.field("to_environment", change.after)
            writer.field(
                "detail",
                "The job went on from step \(change.step) on another processor or library; from there"
                    + " on, its numbers can differ in their last bits from those of a run that stayed."
            )
        }
    }
}
