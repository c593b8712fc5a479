internal import Schedules

/// A longer run of a job: the body of `POST /v1/jobs/{id}/extend`.
public enum ExtendRequest {
    private static let epochsField = Field(
        "epochs",
        .number(above: 0, to: 1_000_000),
        "The passes over the training rows of the whole run."
    )
    private static let stepsField = Field(
        "steps",
        .integer(1...JobSpecification.stepLimit),
        "The updates of the whole run, in place of epochs."
    )
    private static let policyField = Field(
        "learning_rate_policy",
        ValueRule<LearningRatePolicy>.choice,
        default: LearningRatePolicy.rescale,
        "What becomes of the learning rate."
    )

    /// Reads a body as the fork that it asks for, or reports what is wrong with it.
    public static func fork(
        _ document: Document,
        _ context: inout DecodingContext
    ) -> ForkRequest? {
        guard var object = ObjectDecoder(document, at: .root, &context) else { return nil }
        let known = context.faults.count
        let from = object.read(ForkRequest.fromField, &context)
        let epochs = object.read(epochsField, &context)
        let steps = object.read(stepsField, &context)
        let policy = object.read(policyField, &context)
        object.finish(&context)
        if object.has("epochs") == object.has("steps") {
            let detail =
                object.has("epochs")
                ? "only one of epochs and steps can be given"
                : "epochs or steps must say how long the whole run is to be"
            context.report(
                .root,
                object.has("epochs") ? .conflict : .missing,
                detail,
                at: object.position
            )
        }
        guard context.faults.count == known else { return nil }
        let length: Document.Member =
            steps.map { Document.Member(name: "steps", value: Document(.integer($0))) }
            ?? Document.Member(name: "epochs", value: Document(.number(epochs ?? 0)))
        return ForkRequest(
            fromStep: from,
            changes: Document(.object([length]), at: object.position),
            policy: policy
        )
    }
}

extension LearningRatePolicy: JSONWritable {
    /// Writes the word.
    public func write(to writer: inout JSONWriter) { writer.string(rawValue) }
}
