internal import Foundation
internal import Jobs
internal import TrainingAPI

/// What a queued job waits for.
enum WaitingReason: Hashable, Sendable {
    /// For an instant that its author named.
    case time(Date)
    /// For an instant before which it is not tried again.
    case backoff(Date)
    /// For another job with the label to end.
    case label(Label, limit: Int)
    /// For a worker that computes as its checkpoint's did.
    case environment(String)
    /// For the script that is its work.
    case script(JobID)
    /// For a worker with free GPUs.
    case gpus(GPUWish, GPUFleet)
    /// For a worker.
    case worker

    /// What a job waits for.
    ///
    /// - Parameters:
    ///   - record: The job, queued.
    ///   - limits: How many jobs with a label may run.
    ///   - leased: How many jobs with each limited label run.
    ///   - fleet: The GPUs that there are.
    ///   - now: Now, on the wall clock.
    init(
        of record: JobRecord,
        _ limits: LabelLimits,
        _ leased: [Label: Int],
        _ fleet: GPUFleet,
        at now: Date
    ) {
        let full = limits.full(among: leased)
        let labels = record.labels.map { Label(key: $0.key, value: $0.value) }
        let held = labels.sorted { $0.key < $1.key }.first { full.contains($0) }
        self =
            if let instant = record.notBefore, instant > now {
                record.startedAt == nil ? .time(instant) : .backoff(instant)
            } else if let held {
                .label(held, limit: limits.maximum(for: held) ?? 0)
            } else if record.requiresExact, let environment = record.environment {
                .environment(environment)
            } else if record.kind == JobSpecification.Kind.external.rawValue {
                .script(record.id)
            } else if record.gpus != .none {
                .gpus(record.gpus, fleet)
            } else {
                .worker
            }
    }

    /// When the reason is another one by time alone; nil where it never is.
    ///
    /// What GPUs there are changes with every word of a worker, so that such a reason holds for no time.
    var end: Date? {
        switch self {
        case .time(let instant), .backoff(let instant): instant
        case .gpus: .distantPast
        case .label, .environment, .script, .worker: nil
        }
    }

    /// The sentence.
    var sentence: String {
        switch self {
        case .time(let instant): "Waits until \(Instant.text(instant)), as `not_before` asks."
        case .backoff(let instant): "Waits until \(Instant.text(instant)) before it is tried again."
        case .label(let label, let limit):
            "Waits: \(limit) \(limit == 1 ? "job runs" : "jobs run") with the label"
                + " \(label.key)=\(label.value), and no more may at once."
        case .environment(let environment):
            "Waits for a worker that gives the same bits: \(environment)."
        case .script(let id):
            "Waits for its script, which goes on with LEHR_JOB=\(id) in its environment."
        case .gpus(let wish, let fleet): fleet.sentence(for: wish)
        case .worker: "Waits for a free worker."
        }
    }
}
