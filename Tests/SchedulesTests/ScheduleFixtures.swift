import Foundation
import Schedules

/// A run of the given extent; one epoch where none is said.
func makeRun(_ totalSteps: Int, stepsPerEpoch: Int? = nil) throws -> Run {
    try Run(totalSteps: totalSteps, stepsPerEpoch: stepsPerEpoch ?? totalSteps)
}

extension Schedule {
    /// The rates of every step of a run.
    func rates(_ totalSteps: Int, stepsPerEpoch: Int? = nil) throws -> [Double] {
        let run = try makeRun(totalSteps, stepsPerEpoch: stepsPerEpoch)
        return try resolve(for: run).rates(0..<totalSteps)
    }
}

/// A schedule read from its JSON form.
func schedule(_ json: String) throws -> Schedule {
    try JSONDecoder().decode(Schedule.self, from: Data(json.utf8))
}

/// The sentence of the `ScheduleError` that `body` throws; `nil` where it throws none.
func refusal(_ body: () throws -> some Any) -> String? {
    do {
        _ = try body()
        return nil
    } catch let error as ScheduleError {
        return error.description
    } catch {
        return "not a ScheduleError: \(error)"
    }
}

/// Whether two numbers agree to within 1e-14 of the greater, the rounding of a few operations.
func agree(_ left: Double, _ right: Double) -> Bool {
    left == right || abs(left - right) <= 1e-14 * max(abs(left), abs(right))
}
