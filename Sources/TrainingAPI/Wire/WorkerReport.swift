/// What a worker did since its last report: the body of `POST /v1/leases/{id}/report`.
///
/// Reports of a lease are ordered by `sequence`; one that comes twice changes nothing the second time.
public struct WorkerReport: Hashable, Sendable {
    /// The values of one metric at some steps.
    public struct Series: Hashable, Sendable {
        /// The metric's name.
        public var name: String
        /// The counts of finished updates at which the values stand, ascending; `nil` where there is a
        /// value for every update of the report.
        public var steps: [Int]?
        /// The values, as many as steps.
        public var values: [Double]

        /// Makes the values of the metric called `name`.
        public init(name: String, steps: [Int]? = nil, values: [Double]) {
            self.name = name
            self.steps = steps
            self.values = values
        }
    }

    /// The lease's fence.
    public var fence: Int
    /// The report's number in its lease, from 1 without gaps.
    public var sequence: Int
    /// The first update that is reported.
    public var fromStep: Int
    /// The update after the last one reported; equal to `fromStep` where the report only renews.
    public var toStep: Int
    /// The metrics.
    public var series: [Series]
    /// The seconds spent in updates so far, in this lease.
    public var updateSeconds: Double
    /// The seconds since this lease's training began.
    public var seconds: Double
    /// SHA-256, in hexadecimal, over the applied (rate, momentum) of each step as big-endian doubles.
    public var appliedDigest: String
    /// Lines for the job's log, at most ``logLineLimit`` of ``logLineLength`` characters.
    public var logLines: [String] = []

    /// How many lines one report or completion may bring.
    public static let logLineLimit = 1_000
    /// How many characters one line may have.
    public static let logLineLength = 2_000

    /// Whether the rates were the plan's, because the server could not be reached: a script's alone.
    public var isPlanned = false
    /// Whether the script makes no update before the answer, so that a metric of this report may move
    /// the rate of the very next one.
    public var holds = false

    /// Makes a report.
    public init(
        fence: Int,
        sequence: Int,
        fromStep: Int,
        toStep: Int,
        series: [Series],
        updateSeconds: Double,
        seconds: Double,
        appliedDigest: String
    ) {
        self.fence = fence
        self.sequence = sequence
        self.fromStep = fromStep
        self.toStep = toStep
        self.series = series
        self.updateSeconds = updateSeconds
        self.seconds = seconds
        self.appliedDigest = appliedDigest
    }
}

extension WorkerReport: JSONWritable {
    /// Writes the report; its columns in base64.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("fence", fence)
            writer.field("sequence", sequence)
            writer.field("from_step", fromStep)
            writer.field("to_step", toStep)
            writer.name("series")
            writer.array { writer in
                for column in series {
                    writer.object { writer in
                        writer.field("name", column.name)
                        if let steps = column.steps { writer.field("steps", steps) }
                        writer.field("values", DoubleColumn(column.values))
                    }
                }
            }
            writer.field("update_seconds", updateSeconds)
            writer.field("seconds", seconds)
            writer.field("applied_digest", appliedDigest)
            if isPlanned { writer.field("planned", isPlanned) }
            if holds { writer.field("holds", holds) }
            if !logLines.isEmpty { writer.field("log_lines", logLines) }
        }
    }
}
