/// Curves of a job: the body of `GET /v1/jobs/{id}/metrics`.
public struct MetricsBody: Hashable, Sendable {
    /// One curve.
    public struct Series: Hashable, Sendable {
        /// The steps, ascending.
        public var steps: [Int]
        /// The values, one per step; NaN and infinities stand for themselves.
        public var values: [Double]
        /// How many points the curve has before it is thinned out.
        public var sourcePoints: Int

        /// Makes a curve.
        public init(steps: [Int], values: [Double], sourcePoints: Int) {
            self.steps = steps
            self.values = values
            self.sourcePoints = sourcePoints
        }
    }

    /// The curves by name, in the order in which they are written.
    public var series: [(name: String, series: Series)]
    /// Whether the job is final and no more points come.
    public var complete: Bool

    /// Makes a body.
    public init(series: [(name: String, series: Series)], complete: Bool) {
        self.series = series
        self.complete = complete
    }

    /// The curve called `name`.
    public subscript(name: String) -> Series? {
        series.first { $0.name == name }?.series
    }

    /// Whether two bodies hold the same curves.
    public static func == (left: MetricsBody, right: MetricsBody) -> Bool {
        left.complete == right.complete
            && left.series.elementsEqual(right.series) {
                $0.name == $1.name && $0.series == $1.series
            }
    }

    /// Hashes the curves.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(complete)
        for (name, series) in series {
            hasher.combine(name)
            hasher.combine(series)
        }
    }
}

extension MetricsBody: JSONWritable {
    /// Writes the curves; values that are not finite as `null`, with their steps listed.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.name("series")
            writer.object { writer in
                for (name, series) in series { writer.field(name, series) }
            }
            writer.field("complete", complete)
        }
    }

    /// Reads the curves.
    public init?(_ document: Document) {
        guard let members = document["series"]?.members, let complete = document["complete"]?.bool
        else { return nil }
        let curves = members.compactMap { member in
            Series(member.value).map { (name: member.name, series: $0) }
        }
        guard curves.count == members.count else { return nil }
        self.init(series: curves, complete: complete)
    }
}

extension MetricsBody.Series: JSONWritable {
    /// Writes the curve.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("steps", steps)
            writer.field("values", values)
            writer.field("source_points", sourcePoints)
            let nonFinite = zip(steps, values).filter { !$0.1.isFinite }.map(\.0)
            if !nonFinite.isEmpty { writer.field("non_finite_steps", nonFinite) }
        }
    }

    /// Reads the curve; `null` becomes NaN.
    public init?(_ document: Document) {
        guard let steps = document["steps"]?.array, let values = document["values"]?.array,
            steps.count == values.count
        else { return nil }
        let numbers = steps.compactMap(\.integer)
        guard numbers.count == steps.count else { return nil }
        self.init(
            steps: numbers,
            values: values.map { $0.double ?? .nan },
            sourcePoints: document["source_points"]?.integer ?? numbers.count
        )
    }
}
