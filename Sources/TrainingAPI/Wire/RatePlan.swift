/// The rates to come of a job as they stand: the answer to `GET /v1/leases/{id}/plan`.
///
/// Only a script that has lost its server may use them; the audit then says which steps were planned.
public struct RatePlan: Hashable, Sendable {
    /// The version of the job's rates that it shows.
    public var scheduleVersion: Int
    /// The metrics that move the rate, sorted.
    public var monitors: [String]
    /// The rates, step by step.
    public var rates: Grant

    /// Makes a plan.
    public init(scheduleVersion: Int, monitors: [String], rates: Grant) {
        self.scheduleVersion = scheduleVersion
        self.monitors = monitors
        self.rates = rates
    }
}

extension RatePlan: JSONWritable {
    /// Writes the plan; its columns in base64.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("schedule_version", scheduleVersion)
            writer.field("monitors", monitors)
            writer.field("rates", rates)
        }
    }
}
