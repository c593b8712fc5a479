/// Whether a job used the rates that it was to use: the body of `GET /v1/jobs/{id}/audit`.
public struct AuditBody: Hashable, Sendable {
    /// The steps that were run and are on the curve.
    public var steps: Int
    /// Those whose rate or momentum was not the granted one.
    public var mismatches: Int
    /// The first of them; at most 100.
    public var mismatchedSteps: [Int]
    /// Those that a worker without its server took from the plan.
    public var planned: Int
    /// SHA-256, in hexadecimal, over each applied rate and momentum as big-endian doubles.
    public var digest: String
    /// The same over what was to be applied.
    public var expectedDigest: String

    /// Makes a body.
    public init(
        steps: Int,
        mismatches: Int,
        mismatchedSteps: [Int],
        planned: Int,
        digest: String,
        expectedDigest: String
    ) {
        self.steps = steps
        self.mismatches = mismatches
        self.mismatchedSteps = mismatchedSteps
        self.planned = planned
        self.digest = digest
        self.expectedDigest = expectedDigest
    }

    /// Whether every step used the rate that it was to use.
    public var isClean: Bool { mismatches == 0 && digest == expectedDigest }
}

extension AuditBody: JSONWritable {
    /// Writes the audit.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("steps", steps)
            writer.field("mismatches", mismatches)
            writer.field("mismatched_steps", mismatchedSteps)
            writer.field("planned", planned)
            writer.field("digest", digest)
            writer.field("expected_digest", expectedDigest)
        }
    }

    /// Reads an audit.
    public init?(_ document: Document) {
        guard let steps = document["steps"]?.integer,
            let mismatches = document["mismatches"]?.integer,
            let planned = document["planned"]?.integer, let digest = document["digest"]?.string,
            let expected = document["expected_digest"]?.string
        else { return nil }
        self.init(
            steps: steps,
            mismatches: mismatches,
            mismatchedSteps: document["mismatched_steps"]?.array?.compactMap(\.integer) ?? [],
            planned: planned,
            digest: digest,
            expectedDigest: expected
        )
    }
}
