/// How a worker's run of a job ended: the body of `POST /v1/leases/{id}/completion`.
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

    /// The lease's fence.
    public var fence: Int
    /// The end.
    public var outcome: Outcome
    /// A request for the next job, answered in the same round trip.
    public var next: LeaseRequest?
    /// The last lines for the job's log, as many and as long as in a ``WorkerReport``.
    public var logLines: [String] = []

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
            if let next { writer.field("next", next) }
        }
    }

    private enum Word: String, CaseIterable {
        case succeeded, failed, released
    }

    private static let fenceField = Field(
        "fence",
        .integer(1...Int(Int32.max)),
        "The lease's fence."
    )
    private static let outcomeField = Field("outcome", ValueRule<Word>.choice, "How the run ended.")
    private static let codeField = Field("code", .text(limit: 40), "The failure's code.")
    private static let detailField = Field("detail", .text(limit: 2_000), "What happened.")
    private static let permanentField = Field(
        "permanent",
        .flag,
        default: true,
        "Whether another attempt would fail alike."
    )

    /// Reads a completion, or reports what is wrong with it.
    public init?(_ document: Document, at pointer: Pointer, _ context: inout DecodingContext) {
        guard var object = ObjectDecoder(document, at: pointer, &context) else { return nil }
        let fence = object.require(Self.fenceField, &context)
        let word = object.require(Self.outcomeField, &context)
        let summary = object.document("summary").flatMap { TrainingSummary($0) }
        let failure = object.document("failure")
        let logLines = object.read(WorkerReport.logLinesField, &context)
        let next = object.document("next").map {
            LeaseRequest($0, at: pointer.appending("next"), &context)
        }
        object.finish(&context)
        guard let fence, let word else { return nil }
        let outcome: Outcome
        switch word {
        case .succeeded: outcome = .succeeded(summary ?? TrainingSummary())
        case .released: outcome = .released
        case .failed:
            guard let failure,
                var inner = ObjectDecoder(failure, at: pointer.appending("failure"), &context)
            else {
                object.reportMissing("failure", expecting: "an object", &context)
                return nil
            }
            let code = inner.require(Self.codeField, &context)
            let detail = inner.require(Self.detailField, &context)
            let isPermanent = inner.read(Self.permanentField, &context)
            inner.finish(&context)
            guard let code, let detail, let isPermanent else { return nil }
            outcome = .failed(code: code, detail: detail, isPermanent: isPermanent)
        }
        guard context.isValid else { return nil }
        self.init(fence: fence, outcome: outcome, next: next ?? nil)
        self.logLines = logLines ?? []
    }
}
