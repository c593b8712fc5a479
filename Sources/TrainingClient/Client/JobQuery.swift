/// Which jobs a list shows.
public struct JobQuery: Hashable, Sendable {
    /// States, any of which a job must be in; all by default.
    public var states: [String]
    /// The name that a job must have.
    public var name: String?
    /// Labels that a job must all have, with their values.
    public var labels: [String: String]
    /// How many jobs a page holds; at most 500, the server's default where it is `nil`.
    public var limit: Int?
    /// Where the page begins: ``/TrainingAPI/JobPage/nextCursor`` of the page before.
    public var cursor: String?

    /// Makes a query.
    public init(
        states: [String] = [],
        name: String? = nil,
        labels: [String: String] = [:],
        limit: Int? = nil,
        cursor: String? = nil
    ) {
        self.states = states
        self.name = name
        self.labels = labels
        self.limit = limit
        self.cursor = cursor
    }

    var target: RequestTarget {
        var target = RequestTarget("jobs")
        for state in states { target.append("state", state) }
        if let name { target.append("name", name) }
        for (key, value) in labels.sorted(by: { $0.key < $1.key }) {
            target.append("label.\(key)", value)
        }
        target.append("limit", limit)
        if let cursor { target.append("cursor", cursor) }
        return target
    }
}
