/// What gives a run its rates: a native schedule or a library's own.
public enum RunSchedule: Hashable, Sendable {
    /// A schedule of the catalogue.
    case native(Schedule)
    /// A scheduler of a library.
    case library(LibrarySchedule)

    /// The flat form for a run.
    ///
    /// - Parameter run: The extent of the run.
    /// - Returns: A value that gives the rate of any step.
    /// - Throws: A `ScheduleError` where the run cannot hold the schedule, or the library's scheduler fails in it.
    public func resolve(for run: Run) throws(ScheduleError) -> ResolvedSchedule {
        switch self {
        case .native(let schedule): try schedule.resolve(for: run)
        case .library(let schedule): try schedule.resolve(for: run)
        }
    }

    /// What is legal in the schedule and looks wrong in a run of this extent; a library's own is not judged.
    public func warnings(for run: Run) -> [ScheduleWarning] {
        switch self {
        case .native(let schedule): schedule.warnings(for: run)
        case .library: []
        }
    }

    /// The schedule's name in sentences: `cosine`, `StepLR of torch`.
    var name: String {
        switch self {
        case .native(let schedule): schedule.curve.type.name
        case .library(let schedule): schedule.title
        }
    }

    /// What decides the rate at a step, outermost first.
    func causes(at step: Int, in run: Run) -> [String] {
        switch self {
        case .native(let schedule): schedule.causes(at: step, in: run)
        case .library(let schedule):
            schedule.followsMetric
                ? [schedule.title]
                : ["\(schedule.title) at call \(schedule.call(at: step, in: run))"]
        }
    }
}

extension RunSchedule: Codable {
    /// Reads a library's schedule where there is a field `library`, else a native one.
    ///
    /// - Parameter decoder: Where to read from.
    /// - Throws: `DecodingError`, or a `ScheduleError`.
    public init(from decoder: any Decoder) throws {
        let isLibrary = try decoder.container(keyedBy: FieldKey.self)
            .contains(FieldKey("library"))
        self =
            try isLibrary
            ? .library(LibrarySchedule(from: decoder)) : .native(Schedule(from: decoder))
    }

    /// Writes the form of the schedule in it.
    ///
    /// - Parameter encoder: Where to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .native(let schedule): try schedule.encode(to: encoder)
        case .library(let schedule): try schedule.encode(to: encoder)
        }
    }
}
