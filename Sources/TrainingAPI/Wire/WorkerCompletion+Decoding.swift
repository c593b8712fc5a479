internal import Foundation

extension WorkerCompletion {
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

    private static let checkpointField = Field(
        "checkpoint",
        SentCheckpoint.rule,
        "The last state of the run."
    )
    private static let artifactsField = Field(
        "artifacts",
        .list(of: SentArtifact.rule, count: 0...16),
        "What the run made."
    )

    /// Reads a completion, or reports what is wrong with it.
    public init?(_ document: Document, at pointer: Pointer, _ context: inout DecodingContext) {
        guard var object = ObjectDecoder(document, at: pointer, &context) else { return nil }
        let fence = object.require(Self.fenceField, &context)
        let word = object.require(Self.outcomeField, &context)
        let summary = object.document("summary").flatMap { TrainingSummary($0) }
        let failure = object.document("failure")
        let logLines = object.read(WorkerReport.logLinesField, &context)
        let report = object.document("report").flatMap {
            WorkerReport($0, at: pointer.appending("report"), &context)
        }
        let checkpoint = object.read(Self.checkpointField, &context)
        let artifacts = object.read(Self.artifactsField, &context)
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
        self.report = report ?? nil
        self.checkpoint = checkpoint
        self.artifacts = artifacts ?? []
        if let report = self.report, report.fence != fence {
            context.report(
                pointer.appending("report").appending("fence"),
                .conflict,
                "must be the completion's, \(fence), not \(report.fence)"
            )
        }
        let size = self.artifacts.reduce(self.checkpoint?.content.count ?? 0) {
            $0 + $1.content.count
        }
        if size > Self.contentLimit {
            context.report(
                pointer.appending("artifacts"),
                .range,
                "the contents may have \(Self.contentLimit) bytes together, not \(size)"
            )
        }
        guard context.isValid else { return nil }
    }
}

extension WorkerCompletion.SentCheckpoint {
    private static let stepField = Field(
        "step",
        .integer(1...1_000_000_000),
        "The finished updates."
    )
    private static let bestField = Field(
        "best_step",
        .integer(0...1_000_000_000),
        "The finished updates at the best validation."
    )
    private static let contentField = Field("content", ValueRule<[UInt8]>.base64, "The bytes.")

    fileprivate static let rule = ValueRule<Self>(
        "an object with step and content",
        type: "object"
    ) { document, pointer, context in
        guard var object = ObjectDecoder(document, at: pointer, &context) else { return nil }
        let step = object.require(stepField, &context)
        let best = object.read(bestField, &context)
        let content = object.require(contentField, &context)
        object.finish(&context)
        guard let step, let content else { return nil }
        return Self(step: step, bestStep: best, content: content)
    }
}

extension WorkerCompletion.SentArtifact {
    private static let nameField = Field("name", .text(limit: 100), "The name.")
    private static let contentField = Field("content", ValueRule<[UInt8]>.base64, "The bytes.")

    fileprivate static let rule = ValueRule<Self>(
        "an object with name and content",
        type: "object"
    ) { document, pointer, context in
        guard var object = ObjectDecoder(document, at: pointer, &context) else { return nil }
        let name = object.require(nameField, &context)
        let content = object.require(contentField, &context)
        object.finish(&context)
        guard let name, let content else { return nil }
        return Self(name: name, content: content)
    }
}

extension ValueRule<[UInt8]> {
    fileprivate static let base64 = ValueRule("bytes in base64", type: "string") { document in
        (document.string.flatMap { Data(base64Encoded: $0) }.map { [UInt8]($0) }, .type)
    }
}
