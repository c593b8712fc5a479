/// A worker as it is read: an item of `GET /v1/workers`.
public struct WorkerBody: Hashable, Sendable {
    /// What a worker does.
    public enum State: String, Hashable, Sendable {
        /// It waits for a job.
        case idle
        /// It runs a job.
        case busy
        /// It has not been heard of for more than a lease's term.
        case lost
    }

    /// The worker's name.
    public var name: String
    /// What it does.
    public var state: State
    /// Whether the server itself started it.
    public var isLocal: Bool
    /// The kinds of jobs that it can run.
    public var kinds: [String]
    /// The machine that it runs on; `nil` where it does not say.
    public var host: String?
    /// The GPUs of its machine.
    public var gpus: [GPUBody] = []
    /// The job that it runs.
    public var jobID: String?
    /// When it was last heard of, RFC 3339.
    public var lastSeenAt: String

    /// Makes a body.
    public init(
        name: String,
        state: State,
        isLocal: Bool,
        kinds: [String],
        jobID: String?,
        lastSeenAt: String
    ) {
        self.name = name
        self.state = state
        self.isLocal = isLocal
        self.kinds = kinds
        self.jobID = jobID
        self.lastSeenAt = lastSeenAt
    }
}

extension WorkerBody: JSONWritable {
    /// Writes the worker.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("name", name)
            writer.field("state", state.rawValue)
            writer.field("local", isLocal)
            writer.field("kinds", kinds)
            writer.field("host", host)
            writer.field("gpus", gpus)
            writer.field("job_id", jobID)
            writer.field("last_seen_at", lastSeenAt)
        }
    }

    /// Reads a worker.
    public init?(_ document: Document) {
        guard let name = document["name"]?.string,
            let state = document["state"]?.string.flatMap(State.init(rawValue:))
        else { return nil }
        self.init(
            name: name,
            state: state,
            isLocal: document["local"]?.bool ?? false,
            kinds: document["kinds"]?.array?.compactMap(\.string) ?? [],
            jobID: document["job_id"]?.string,
            lastSeenAt: document["last_seen_at"]?.string ?? ""
        )
        host = document["host"]?.string
        gpus = document["gpus"]?.array?.compactMap { GPUBody($0) } ?? []
    }
}
