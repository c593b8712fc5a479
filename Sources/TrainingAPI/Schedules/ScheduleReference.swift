/// A stored schedule as a job or a preview speaks of it: `{"name": "warm", "version": 3}`.
public struct ScheduleReference: Hashable, Sendable {
    /// The schedule's name.
    public var name: String
    /// The version; `nil` for the newest.
    public var version: Int?

    /// What a job's `schedule` asks the store for; `nil` where it speaks of no stored schedule, or is faulty.
    public init?(in schedule: Document?) {
        guard Self.isMeant(by: schedule), let name = schedule?["name"]?.string,
            StoredSchedule.isName(name)
        else { return nil }
        let version = schedule?["version"]
        guard version == nil || version?.integer != nil else { return nil }
        self.name = name
        self.version = version?.integer
    }

    /// Whether a schedule is one: it has a name, and neither a type nor a library.
    public static func isMeant(by schedule: Document?) -> Bool {
        guard let schedule else { return false }
        return schedule["name"] != nil && schedule["type"] == nil && schedule["library"] == nil
    }

    /// A preview's request with the stored schedule that it speaks of in its place.
    ///
    /// - Parameters:
    ///   - request: The request as it was written.
    ///   - lookup: What is stored under the name that its schedule speaks of.
    ///   - context: Collects the faults; where there are any, any schedule stands in, so that the rest of the
    ///     request is read too.
    /// - Returns: The request; the same where it speaks of no stored schedule.
    public static func resolve(
        _ request: Document,
        lookup: ScheduleLookup,
        _ context: inout DecodingContext
    ) -> Document {
        guard isMeant(by: request["schedule"]), let members = request.members else {
            return request
        }
        context.begin(request)
        let schedule = JobSchedule(
            request["schedule"],
            at: .root.appending("schedule"),
            standardPeak: nil,
            lookup: lookup,
            &context
        )
        let text =
            schedule?.schedule.json() ?? Array(#"{"type":"constant","learning_rate":1}"#.utf8)
        // What the writer wrote is JSON.
        let content = (try? JSONReader.read(text))?.document ?? Document(.null)
        return Document(
            .object(
                members.map { member in
                    member.name == "schedule"
                        ? Document.Member(
                            name: member.name,
                            position: member.position,
                            value: content
                        ) : member
                }
            ),
            at: request.position
        )
    }
}

/// What the store has under the name that a document speaks of.
public enum ScheduleLookup: Hashable, Sendable {
    /// Nothing was looked up: the document speaks of no stored schedule, or is a normalised one that holds the
    /// schedule itself.
    case none
    /// The version that is meant.
    case found(StoredSchedule)
    /// There is no schedule of that name.
    case noName
    /// There is no such version.
    case noVersion(newest: Int)
}
