internal import Foundation
internal import Jobs
internal import TrainingAPI

/// A job's log as plain text: what its workers wrote, between the changes of its state.
enum LogText {
    /// The kinds of events that the text is made of.
    static let kinds: Set<JobEventKind> = [.state, .log]

    /// The lines of `events`, each with its instant.
    static func text(_ events: [JobEventRecord]) -> [UInt8] {
        var bytes: [UInt8] = []
        for event in events {
            let instant = Instant.text(event.instant)
            for line in lines(event) {
                bytes.append(contentsOf: "\(instant) \(line)\n".utf8)
            }
        }
        return bytes
    }

    /// What workers wrote, of some events.
    static func lines(of events: [JobEventRecord]) -> [String] {
        events.filter { $0.kind == .log }.flatMap { lines($0) }
    }

    private static func lines(_ event: JobEventRecord) -> [String] {
        if let change = event.stateChange { return ["-- \(sentence(change))"] }
        // The service wrote these bytes; where they cannot be read, there is nothing to show.
        let document = (try? JSONReader.read(event.payload))?.document
        return document?["lines"]?.array?.compactMap(\.string) ?? []
    }

    /// A change of state, as a sentence without its full stop.
    private static func sentence(_ change: StateChange) -> String {
        let place = change.host.map { " on \($0)" } ?? ""
        let detail = change.detail.map { ": \(oneLine($0))" } ?? ""
        let next = consequence(change)
        return switch change.cause {
        case .accepted: "accepted"
        case .granted:
            "run \(change.fence)\(place) goes on from step \(change.step), attempt \(change.attempt)"
        case .renewed: "the worker was heard of again before another got the job"
        case .cancel: "cancellation asked for; \(next)"
        case .pause: "pause asked for; \(next)"
        case .resume: "resumed; \(next)"
        case .retry: "to be tried again; \(next)"
        case .succeeded: "succeeded after \(change.step) steps"
        case .failed: "the run met an error\(detail); \(next)"
        case .released: "the worker let go after step \(change.step); \(next)"
        case .workerCrashed: "the worker died\(detail); \(next)"
        case .outOfMemory: "the worker was killed for memory\(detail); \(next)"
        case .leaseExpired: "the worker was not heard of\(detail); \(next)"
        case .serverRestarted: "the worker ended with its server; \(next)"
        case .stopped: "the worker was stopped\(detail); \(next)"
        }
    }

    private static func consequence(_ change: StateChange) -> String {
        switch change.state {
        case .queued:
            change.notBefore.map { "waits until \(Instant.text($0))" } ?? "waits for a worker"
        case .running: "runs"
        case .pausing: "its worker is told to pause"
        case .paused: "paused"
        case .cancelling: "its worker is told to stop"
        case .cancelled: "cancelled"
        case .succeeded: "succeeded"
        case .failed:
            "failed"
                + (change.failure.map { " as \($0.code): \(oneLine($0.detail ?? ""))" } ?? "")
        }
    }

    /// A detail that quotes lines, in the one line that it has here.
    private static func oneLine(_ text: String) -> String {
        text.split(separator: "\n").joined(separator: " | ")
    }
}
