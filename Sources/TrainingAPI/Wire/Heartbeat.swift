/// A worker's sign of life, with what its command has put out: the body of
/// `POST /v1/leases/{id}/heartbeat`.
public struct Heartbeat: Hashable, Sendable {
    /// The lease's fence.
    public var fence: Int
    /// The number of the first line in its run, from 0: a line that comes twice is kept once.
    public var logFrom = 0
    /// Lines for the job's log, as many and as long as in a ``WorkerReport``.
    public var logLines: [String] = []

    /// Makes a heartbeat without lines.
    public init(fence: Int) {
        self.fence = fence
    }

    private static let fenceField = Field(
        "fence",
        .integer(1...Int(Int32.max)),
        "The lease's fence."
    )
    private static let fromField = Field(
        "log_from",
        .integer(0...1_000_000_000),
        default: 0,
        "The number of the first line in its run."
    )

    /// Reads a heartbeat, or reports what is wrong with it.
    public init?(_ document: Document, at pointer: Pointer, _ context: inout DecodingContext) {
        guard var object = ObjectDecoder(document, at: pointer, &context) else { return nil }
        let fence = object.require(Self.fenceField, &context)
        let from = object.read(Self.fromField, &context)
        let lines = object.read(WorkerReport.logLinesField, &context)
        object.finish(&context)
        guard let fence, let from, let lines else { return nil }
        self.init(fence: fence)
        logFrom = from
        logLines = lines
    }
}

extension Heartbeat: JSONWritable {
    /// Writes the heartbeat.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("fence", fence)
            if !logLines.isEmpty {
                writer.field("log_from", logFrom)
                writer.field("log_lines", logLines)
            }
        }
    }
}
