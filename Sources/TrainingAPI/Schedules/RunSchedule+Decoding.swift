public import Schedules

extension RunSchedule {
    /// Reads a library's schedule where there is a field `library`, else a native one, or reports what is
    /// wrong with it.
    ///
    /// - Parameters:
    ///   - document: The schedule as it was written; `nil` where a job gives none.
    ///   - pointer: Where it stands.
    ///   - standardPeak: The peak where none is given; `nil` where it must be.
    ///   - context: Collects the faults and warnings.
    public init?(
        _ document: Document?,
        at pointer: Pointer = .root,
        standardPeak: Double? = nil,
        _ context: inout DecodingContext
    ) {
        guard let document, document["library"] != nil else {
            let native = Schedule(document, at: pointer, standardPeak: standardPeak, &context)
            guard let native else { return nil }
            self = .native(native)
            return
        }
        guard
            let library = LibrarySchedule(
                document,
                at: pointer,
                standardRate: standardPeak,
                &context
            )
        else { return nil }
        if library.learningRate != nil, library.carriesRates {
            context.warn(
                pointer.appending("learning_rate"),
                "\(library.name) of \(library.library.rawValue) takes its rates from params;"
                    + " learning_rate changes nothing"
            )
        }
        self = .library(library)
    }

    /// The peak, or the optimizer's rate for a library's own; `nil` where that carries its rates.
    public var learningRate: Double? {
        switch self {
        case .native(let schedule): schedule.learningRate
        case .library(let schedule): schedule.learningRate
        }
    }

    /// The metric that moves the rate; `nil` where none does.
    public var monitor: String? {
        switch self {
        case .native(let schedule): schedule.monitor
        case .library(let schedule): schedule.followedMetric
        }
    }

    /// The same schedule with another peak.
    ///
    /// - Parameter rate: The peak, or the optimizer's rate for a library's own.
    /// - Returns: The schedule.
    /// - Throws: A `ScheduleError` where the peak does not fit the rest, or changes nothing.
    func withLearningRate(_ rate: Double) throws(ScheduleError) -> RunSchedule {
        switch self {
        case .native(let schedule):
            return .native(
                try Schedule(
                    curve: schedule.curve,
                    learningRate: rate,
                    floor: schedule.floor,
                    warmup: schedule.warmup
                )
            )
        case .library(let schedule):
            guard !schedule.carriesRates else {
                throw .conflict(
                    "learning_rate",
                    detail:
                        "\(schedule.name) of \(schedule.library.rawValue) takes its rates from params;"
                        + " learning_rate would change nothing"
                )
            }
            return .library(
                try LibrarySchedule(
                    library: schedule.library,
                    name: schedule.name,
                    parameters: schedule.parameters,
                    learningRate: rate,
                    unit: schedule.unit,
                    monitor: schedule.monitor
                )
            )
        }
    }
}
