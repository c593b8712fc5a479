/// What may go with a retry: `{"from": "start"}`.
public struct RetryBody: Hashable, Sendable {
    /// Where a retried job goes on.
    public enum Origin: String, Hashable, Sendable, CaseIterable {
        /// At its newest checkpoint, or with step 0 where it has none.
        case checkpoint
        /// With step 0.
        case start
    }

    /// Where a retried job goes on.
    public var origin: Origin

    /// Makes a body.
    public init(origin: Origin) {
        self.origin = origin
    }

    private static let originField = Field(
        "from",
        ValueRule<Origin>.choice,
        "Where the job goes on."
    )

    /// Reads a body, or reports what is wrong with it.
    public init?(_ document: Document, at pointer: Pointer, _ context: inout DecodingContext) {
        guard var object = ObjectDecoder(document, at: pointer, &context) else { return nil }
        let origin = object.read(Self.originField, &context)
        object.finish(&context)
        self.init(origin: origin ?? .checkpoint)
    }
}

extension RetryBody: JSONWritable {
    /// Writes the body.
    public func write(to writer: inout JSONWriter) {
        writer.object { $0.field("from", origin.rawValue) }
    }
}
