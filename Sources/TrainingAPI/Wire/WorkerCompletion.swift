internal import Foundation

/// How a worker's run of a job ended: the body of `POST /v1/leases/{id}/completion`.
///
/// It may bring along what the run did since its last report, its last state and what it made, as far as
/// that is small: all of it is kept, or nothing, and the job's end with it.
public struct WorkerCompletion: Hashable, Sendable {
    /// The end of a run.
    public enum Outcome: Hashable, Sendable {
        /// Every step was made.
        case succeeded(TrainingSummary)
        /// The run failed; `isPermanent` where another attempt would fail alike.
        case failed(code: String, detail: String, isPermanent: Bool)
        /// The worker gave the job back: it was cancelled, or the worker stops.
        case released
    }

    /// The last state of a run.
    public struct SentCheckpoint: Hashable, Sendable {
        /// The finished updates that it holds.
        public var step: Int
        /// The finished updates at the best validation so far; `nil` where there was none.
        public var bestStep: Int?
        /// The checkpoint's bytes.
        public var content: [UInt8]

        /// Makes a state of some bytes.
        public init(step: Int, bestStep: Int?, content: [UInt8]) {
            self.step = step
            self.bestStep = bestStep
            self.content = content
        }
    }

    /// Something that a run made.
    public struct SentArtifact: Hashable, Sendable {
        /// The name by which it is fetched.
        public var name: String
        /// Its bytes.
        public var content: [UInt8]

        /// Makes an artifact of some bytes.
        public init(name: String, content: [UInt8]) {
            self.name = name
            self.content = content
        }
    }

    /// How many bytes the contents of a completion may have together.
    public static let contentLimit = 262_144

    /// The lease's fence.
    public var fence: Int
    /// The end.
    public var outcome: Outcome
    /// A request for the next job, answered in the same round trip.
    public var next: LeaseRequest?
    /// The last lines for the job's log, as many and as long as in a ``WorkerReport``.
    public var logLines: [String] = []
    /// What was done since the last report, under the same fence; `nil` where all was reported.
    public var report: WorkerReport?
    /// The last state; `nil` where it was sent before, or there is none.
    public var checkpoint: SentCheckpoint?
    /// What the run made and did not send before.
    public var artifacts: [SentArtifact] = []

    /// Makes a completion.
    public init(fence: Int, outcome: Outcome, next: LeaseRequest? = nil) {
        self.fence = fence
        self.outcome = outcome
        self.next = next
    }
}

extension WorkerCompletion: JSONWritable {
    /// Writes the completion.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("fence", fence)
            switch outcome {
            case .succeeded(let summary):
                writer.field("outcome", Word.succeeded.rawValue)
                writer.field("summary", summary)
            case .failed(let code, let detail, let isPermanent):
                writer.field("outcome", Word.failed.rawValue)
                writer.name("failure")
                writer.object { writer in
                    writer.field("code", code)
                    writer.field("detail", detail)
                    writer.field("permanent", isPermanent)
                }
            case .released:
                writer.field("outcome", Word.released.rawValue)
            }
            if !logLines.isEmpty { writer.field("log_lines", logLines) }
            if let report { writer.field("report", report) }
            if let checkpoint {
                writer.name("checkpoint")
                writer.object { writer in
                    writer.field("step", checkpoint.step)
                    if let best = checkpoint.bestStep { writer.field("best_step", best) }
                    writer.field("content", Data(checkpoint.content).base64EncodedString())
                }
            }
            if !artifacts.isEmpty {
                writer.name("artifacts")
                writer.array { writer in
                    for artifact in artifacts {
                        writer.object { writer in
                            writer.field("name", artifact.name)
                            writer.field("content", Data(artifact.content).base64EncodedString())
                        }
                    }
                }
            }
            if let next { writer.field("next", next) }
        }
    }

    enum Word: String, CaseIterable {
        case succeeded, failed, released
    }
}
