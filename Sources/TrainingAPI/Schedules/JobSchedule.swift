public import Schedules

/// What gives a job its rates: a schedule, and from where it was taken where the job spoke of a stored one.
///
/// A job keeps the schedule itself, so that what is stored later under the name changes nothing about it.
public struct JobSchedule: Hashable, Sendable {
    /// The stored schedule that a job spoke of.
    public struct Origin: Hashable, Sendable {
        /// The stored schedule's name.
        public var name: String
        /// Its version.
        public var version: Int
        /// The hash of that version.
        public var hash: String
        /// The peak that the job has in place of the stored one; `nil` where it has that.
        public var learningRate: Double?

        /// Makes an origin.
        public init(name: String, version: Int, hash: String, learningRate: Double? = nil) {
            self.name = name
            self.version = version
            self.hash = hash
            self.learningRate = learningRate
        }
    }

    /// The schedule.
    public var schedule: RunSchedule
    /// From where it was taken; `nil` where the job holds it itself.
    public var origin: Origin?

    /// Makes a job's schedule.
    public init(_ schedule: RunSchedule, from origin: Origin? = nil) {
        self.schedule = schedule
        self.origin = origin
    }

    /// The metric that moves the rate; `nil` where none does.
    public var monitor: String? { schedule.monitor }

    /// The learning rate's peak: a native schedule's own, and of a library's the greatest rate of the run
    /// before any metric moves it.
    ///
    /// - Parameter run: The extent of the run, against which a library's scheduler is resolved.
    /// - Returns: The peak, above 0; `nil` where the run cannot hold the schedule or every rate is 0.
    public func peak(over run: Run) -> Double? {
        switch schedule {
        case .native(let schedule):
            return schedule.learningRate
        case .library(let schedule):
            guard let resolved = try? schedule.resolve(for: run) else { return nil }
            let greatest = (0..<run.totalSteps).reduce(0) { max($0, resolved.rate(at: $1)) }
            return greatest > 0 ? greatest : nil
        }
    }
}

extension JobSchedule: JSONWritable {
    /// Writes the schedule; one that was stored with its name, version and hash around it.
    public func write(to writer: inout JSONWriter) {
        guard let origin else { return schedule.write(to: &writer) }
        writer.object { writer in
            writer.field("name", origin.name)
            writer.field("version", origin.version)
            writer.field("hash", origin.hash)
            if let rate = origin.learningRate { writer.field("learning_rate", rate) }
            writer.field("schedule", schedule)
        }
    }
}
