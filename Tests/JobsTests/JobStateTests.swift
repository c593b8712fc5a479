import Jobs
import Testing

@Suite struct JobStateTests {
    /// One row per state: what it does on each event, in the order of the columns.
    struct Row: Sendable, CustomTestStringConvertible {
        let state: JobState
        let cells: [JobTransition]
        var testDescription: String { state.rawValue }

        init(_ state: JobState, _ cells: JobTransition...) {
            self.state = state
            self.cells = cells
        }
    }

    static let actions: [JobAction] = [.cancel, .pause, .resume, .retry]

    @Test(arguments: [
        Row(.queued, .to(.cancelled), .to(.paused), .stay, .refused),
        Row(.running, .to(.cancelling), .to(.pausing), .stay, .refused),
        Row(.paused, .to(.cancelled), .stay, .to(.queued), .refused),
        Row(.cancelling, .stay, .refused, .refused, .refused),
        Row(.pausing, .to(.cancelling), .stay, .refused, .refused),
        Row(.succeeded, .refused, .refused, .refused, .refused),
        Row(.failed, .stay, .refused, .refused, .to(.queued)),
        Row(.cancelled, .stay, .refused, .refused, .to(.queued)),
    ])
    func `does on an action what the table of actions says`(row: Row) {
        #expect(JobStateTests.actions == JobAction.allCases)
        for (action, cell) in zip(JobStateTests.actions, row.cells) {
            #expect(row.state.transition(on: .action(action)) == cell, "\(action)")
        }
    }

    static let events: [JobEvent] = [.granted, .succeeded, .failed, .interrupted]

    @Test(arguments: [
        Row(.queued, .to(.running), .refused, .refused, .refused),
        Row(.running, .refused, .to(.succeeded), .to(.failed), .to(.queued)),
        Row(.paused, .refused, .refused, .refused, .refused),
        Row(.cancelling, .refused, .to(.succeeded), .to(.cancelled), .to(.cancelled)),
        Row(.pausing, .refused, .to(.succeeded), .to(.failed), .to(.paused)),
        Row(.succeeded, .refused, .refused, .refused, .refused),
        Row(.failed, .refused, .refused, .refused, .refused),
        Row(.cancelled, .refused, .refused, .refused, .refused),
    ])
    func `does on an event of its lease what the table of events says`(row: Row) {
        for (event, cell) in zip(JobStateTests.events, row.cells) {
            #expect(row.state.transition(on: event) == cell, "\(event)")
        }
    }

    @Test(arguments: [
        (JobState.queued, [JobAction.cancel, .pause]), (.running, [.cancel, .pause]),
        (.paused, [.cancel, .resume]), (.pausing, [.cancel]), (.cancelling, []),
        (.succeeded, []), (.failed, [.retry]), (.cancelled, [.retry]),
    ])
    func `names the actions that would change it`(state: JobState, actions: [JobAction]) {
        #expect(state.allowedActions == actions)
    }

    @Test(arguments: JobState.allCases)
    func `an ended job is left by a retry alone, and is never leased`(state: JobState) {
        let leaves = JobStateTests.events.contains { state.transition(on: $0) != .refused }
        let isPlainEnd = !leaves && state != .paused
        #expect(state.isTerminal == isPlainEnd)
        #expect(state.isLeased == (state.transition(on: .succeeded) == .to(.succeeded)))
    }
}
