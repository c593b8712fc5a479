/// A checkpoint as the API shows it, and as a lease names the one from which to go on.
public struct CheckpointBody: Hashable, Sendable {
    /// The finished updates that it holds.
    public var step: Int
    /// The SHA-256 of its bytes, in hexadecimal.
    public var hash: String
    /// The number of its bytes.
    public var size: Int
    /// What the worker that took it computes with; `nil` where it did not say.
    public var environment: String?
    /// Whether everything up to it was computed in that environment.
    public var exact: Bool
    /// When it was stored, RFC 3339.
    public var createdAt: String

    /// Makes a checkpoint.
    public init(
        step: Int,
        hash: String,
        size: Int,
        environment: String?,
        exact: Bool,
        createdAt: String
    ) {
        self.step = step
        self.hash = hash
        self.size = size
        self.environment = environment
        self.exact = exact
        self.createdAt = createdAt
    }
}

extension CheckpointBody: JSONWritable {
    /// Writes the checkpoint.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("step", step)
            writer.field("hash", hash)
            writer.field("size", size)
            writer.field("environment", environment)
            writer.field("exact", exact)
            writer.field("created_at", createdAt)
        }
    }

    /// Reads a checkpoint.
    public init?(_ document: Document) {
        guard let step = document["step"]?.integer, let hash = document["hash"]?.string,
            let size = document["size"]?.integer, let exact = document["exact"]?.bool,
            let createdAt = document["created_at"]?.string
        else { return nil }
        self.init(
            step: step,
            hash: hash,
            size: size,
            environment: document["environment"]?.string,
            exact: exact,
            createdAt: createdAt
        )
    }
}
