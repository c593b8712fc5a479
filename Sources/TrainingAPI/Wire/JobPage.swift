/// A page of jobs, newest first: the body of `GET /v1/jobs`.
public struct JobPage: Hashable, Sendable {
    /// The jobs.
    public var items: [JobBody]
    /// What to ask with for the next page; `nil` on the last one.
    public var nextCursor: String?

    /// Makes a page.
    public init(items: [JobBody], nextCursor: String?) {
        self.items = items
        self.nextCursor = nextCursor
    }

    /// Reads a page.
    public init?(_ document: Document) {
        guard let items = document["items"]?.array else { return nil }
        let jobs = items.compactMap { JobBody($0) }
        guard jobs.count == items.count else { return nil }
        self.init(items: jobs, nextCursor: document["next_cursor"]?.string)
    }
}
