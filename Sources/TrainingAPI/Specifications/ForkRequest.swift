/// What becomes of the learning rate where a job goes on from another's checkpoint.
public enum LearningRatePolicy: String, Hashable, Sendable, CaseIterable {
    /// The rates of the other job go on; past their end the last one holds.
    case carry
    /// The schedule begins at its own step 0 there, with the rest of the run as its run.
    case restart
    /// The schedule is that of the whole new run, as if it had been so from the start; it may jump.
    case rescale
    /// As `rescale`, multiplied so that it goes on from the other job's rate without a jump.
    case splice
}

/// A job that goes on from a checkpoint of another: the body of `POST /v1/jobs/{id}/fork`, and what the
/// bodies of `/extend` and `/cooldown` come to.
public struct ForkRequest: Hashable, Sendable {
    /// The finished updates of the checkpoint; `nil` for the newest one.
    public var fromStep: Int?
    /// The fields of the other job's specification that change, as a person wrote them.
    public var changes: Document
    /// What becomes of the rate; `nil` where the changes decide: `restart` under another schedule, else
    /// `carry`.
    public var policy: LearningRatePolicy?

    /// Makes a request.
    public init(fromStep: Int?, changes: Document, policy: LearningRatePolicy?) {
        self.fromStep = fromStep
        self.changes = changes
        self.policy = policy
    }

    /// Whether another schedule is asked for.
    public var changesSchedule: Bool { changes["schedule"] != nil }

    static let fromField = Field(
        "from_step",
        .integer(0...JobSpecification.stepLimit),
        "The finished updates of the checkpoint to go on from; the newest one by default."
    )
    static let policyField = Field(
        "learning_rate_policy",
        ValueRule<LearningRatePolicy>.choice,
        "What becomes of the learning rate."
    )

    /// Reads the body of `/fork`, or reports what is wrong with it.
    public init?(_ document: Document, _ context: inout DecodingContext) {
        guard var object = ObjectDecoder(document, at: .root, &context) else { return nil }
        let known = context.faults.count
        fromStep = object.read(Self.fromField, &context)
        policy = object.read(Self.policyField, &context)
        let changes = object.document("changes") ?? Document(.object([]))
        object.finish(&context)
        let place = Pointer.root.appending("changes")
        if changes.members == nil {
            let detail =
                "must be an object with fields of the specification, not \(changes.summary)"
            context.report(place, .type, detail, at: changes.position)
        }
        self.changes = changes
        if policy == .carry, changesSchedule {
            context.report(
                place.appending("schedule"),
                .conflict,
                "the policy carry keeps the other job's rates; write restart, rescale or splice, or leave"
                    + " the schedule out"
            )
        }
        guard context.faults.count == known else { return nil }
    }

    /// The specification of the new job: the other job's with the changes in it.
    ///
    /// A schedule and a model change as a whole; of other objects the fields that are given change.
    ///
    /// - Parameter parent: The other job's normalised specification.
    /// - Returns: The specification, which is yet to be checked.
    public func applied(to parent: Document) -> Document {
        guard var members = parent.members, let changed = changes.members else { return parent }
        let names = Set(changed.map(\.name))
        if !names.isDisjoint(with: ["epochs", "steps"]) {
            members.removeAll { ["epochs", "steps"].contains($0.name) }
        }
        // The seeds of the streams come from the seed again.
        if names.contains("seed") { members.removeAll { $0.name == "seeds" } }
        for change in changed {
            let place = members.firstIndex { $0.name == change.name }
            let isWhole = ["schedule", "model"].contains(change.name)
            let value =
                isWhole
                ? change.value
                : place.map { change.value.over(members[$0].value) } ?? change.value
            let member = Document.Member(
                name: change.name,
                position: change.position,
                value: value
            )
            if let place { members[place] = member } else { members.append(member) }
        }
        return Document(.object(members), at: changes.position)
    }
}

extension Document {
    /// The object with this one's members over those of `base`; this value where one is no object.
    fileprivate func over(_ base: Document) -> Document {
        guard let changed = members, var members = base.members else { return self }
        for change in changed {
            members.removeAll { $0.name == change.name }
            if change.value.value != .null { members.append(change) }
        }
        return Document(.object(members), at: position)
    }
}
