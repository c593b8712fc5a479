/// Which points of which curves an answer holds.
public struct MetricsQuery: Hashable, Sendable {
    /// The curves' names; all by default.
    public var series: [String]
    /// The first step.
    public var fromStep: Int?
    /// The step after the last one.
    public var toStep: Int?
    /// How many points each curve is thinned to, 2–100,000; the server's default where it is `nil`.
    public var maximumPoints: Int?

    /// Makes a query.
    public init(
        series: [String] = [],
        fromStep: Int? = nil,
        toStep: Int? = nil,
        maximumPoints: Int? = nil
    ) {
        self.series = series
        self.fromStep = fromStep
        self.toStep = toStep
        self.maximumPoints = maximumPoints
    }

    func target(of id: String) -> RequestTarget {
        var target = RequestTarget("jobs", id, "metrics")
        for name in series { target.append("series", name) }
        target.append("from_step", fromStep)
        target.append("to_step", toStep)
        target.append("max_points", maximumPoints)
        return target
    }
}
