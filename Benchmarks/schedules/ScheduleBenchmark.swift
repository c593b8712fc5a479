import AllocationCount
import Foundation
import Schedules

/// One side of the comparison that `compare.py` makes: for every line on standard input, a schedule as JSON, reads
/// the rate of each step of a run and prints a line of JSON.
@main struct ScheduleBenchmark {
    private static let steps = 1_000_000
    /// The steps between two looks at the clock, which takes as long as two or three steps.
    private static let stretch = 1000

    static func main() throws {
        let run = try Run(totalSteps: steps, stepsPerEpoch: 1000)
        var resolved: [String: ResolvedSchedule] = [:]
        while let line = readLine() {
            let schedule = try JSONDecoder().decode(RunSchedule.self, from: Data(line.utf8))
            let rates = try resolved[line] ?? schedule.resolve(for: run)
            resolved[line] = rates
            let stepping = step(through: rates)
            let preview = try preview(schedule, run)
            print(
                """
                {"step_ns": \(stepping.median), "allocations": \(stepping.allocations), \
                "preview_ms": \(preview.isNaN ? "null" : "\(preview)")}
                """
            )
            fflush(nil)
        }
    }

    /// The nanoseconds of a step at the median of all stretches, and how often memory was asked for.
    private static func step(
        through rates: ResolvedSchedule
    ) -> (median: Double, allocations: UInt) {
        var times = [Duration](repeating: .zero, count: steps / stretch)
        var sum = 0.0
        let before = allocation_count()
        for place in times.indices {
            let start = ContinuousClock.now
            for step in place * stretch..<(place + 1) * stretch { sum += rates.rate(at: step) }
            times[place] = ContinuousClock.now - start
        }
        let allocations = allocation_count() - before
        precondition(sum.isFinite, "a rate is not finite")
        times.sort()
        return (times[times.count / 2] / .nanoseconds(stretch), allocations)
    }

    /// The milliseconds in which a native schedule is resolved and every step of the run is written down; not a
    /// number for a library's, whose scheduler is stepped in advance.
    private static func preview(_ schedule: RunSchedule, _ run: Run) throws -> Double {
        guard case .native = schedule else { return .nan }
        let clock = ContinuousClock()
        var count = 0
        let time = try clock.measure {
            count = try schedule.resolve(for: run).rates(0..<run.totalSteps).count
        }
        precondition(count == run.totalSteps, "rates are missing")
        return time / .milliseconds(1)
    }
}
