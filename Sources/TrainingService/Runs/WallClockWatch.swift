internal import Foundation

/// Whether the wall clock has been set since the server started.
///
/// What is removed by age goes by the wall clock, since it outlives the server; a clock that was set to
/// another year must not remove everything.
struct WallClockWatch: Sendable {
    /// By how much the two clocks may differ, which also bounds what a slewed clock gains in months.
    private static let tolerance = 3_600.0

    private let wall: Date
    private let start: ContinuousClock.Instant

    /// Begins to watch.
    init(wall: Date = Date(), start: ContinuousClock.Instant = .now) {
        self.wall = wall
        self.start = start
    }

    /// Whether the wall clock says another time than has passed, by more than an hour.
    func isSet(wall now: Date = Date(), at instant: ContinuousClock.Instant = .now) -> Bool {
        abs(now.timeIntervalSince(wall) - (instant - start).inSeconds) > Self.tolerance
    }
}
