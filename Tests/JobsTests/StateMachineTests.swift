import Foundation
import Jobs
import Testing

@Suite struct StateMachineTests {
    private static let events: [(name: String, event: JobEvent)] =
        JobAction.allCases.map { ($0.rawValue, .action($0)) } + [
            ("granted", .granted), ("succeeded", .succeeded), ("failed", .failed),
            ("interrupted", .interrupted),
        ]

    @Test func `the table on the documentation's page is that of the code`() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/Jobs/Jobs.docc/StateMachine.md").standardized
        let lines = try String(contentsOf: page, encoding: .utf8).split(separator: "\n")
        let cells = lines.filter { $0.hasPrefix("|") }.map { line in
            line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
        #expect(cells.first == ["in state"] + StateMachineTests.events.map(\.name))
        let rows = cells.dropFirst(2)
        #expect(Set(rows.map { $0[0] }) == Set(JobState.allCases.map(\.rawValue)))
        for row in rows {
            let state = try #require(JobState(rawValue: row[0]))
            let words = StateMachineTests.events.map { _, event in
                switch state.transition(on: event) {
                case .to(let next): next.rawValue
                case .stay: "="
                case .refused: "–"
                }
            }
            #expect(Array(row.dropFirst()) == words, "\(state)")
        }
    }

    /// A job told by what people want and by who has it, from which its state follows.
    private struct Model: Hashable {
        enum Wish { case none, pause, cancel }

        var isHeld = false
        var isPaused = false
        var wish = Wish.none
        var end: JobState?

        var state: JobState {
            if let end { return end }
            guard isHeld else { return isPaused ? .paused : .queued }
            return switch wish {
            case .none: .running
            case .pause: .pausing
            case .cancel: .cancelling
            }
        }

        /// Does what happens; tells whether it was permitted.
        mutating func take(_ event: JobEvent) -> Bool {
            switch event {
            case .action(.cancel):
                guard end != .succeeded else { return false }
                if end == nil { isHeld ? (wish = .cancel) : (end = .cancelled) }
            case .action(.pause):
                guard end == nil, wish != .cancel else { return false }
                if isHeld { wish = .pause } else { isPaused = true }
            case .action(.resume):
                guard end == nil, wish == .none else { return false }
                isPaused = false
            case .action(.retry):
                guard end == .failed || end == .cancelled else { return false }
                self = Model()
            case .granted:
                guard state == .queued else { return false }
                isHeld = true
            case .succeeded, .failed, .interrupted:
                guard isHeld, end == nil else { return false }
                letGo(of: event)
            }
            return true
        }

        private mutating func letGo(of event: JobEvent) {
            if event == .succeeded {
                end = .succeeded
            } else if wish == .cancel {
                end = .cancelled
            } else if event == .failed {
                end = .failed
            } else {
                isPaused = wish == .pause
            }
            isHeld = false
            wish = .none
        }
    }

    @Test func `every interleaving of actions and ends of leases goes as the model says`() {
        var seen: Set<JobState> = []
        var paths = 0
        func explore(_ state: JobState, _ model: Model, depth: Int) {
            paths += 1
            seen.insert(state)
            guard depth > 0 else { return }
            for (name, event) in StateMachineTests.events {
                var next = model
                let isPermitted = next.take(event)
                let reached: JobState
                switch state.transition(on: event) {
                case .to(let changed):
                    reached = changed
                    #expect(changed != state)
                case .stay: reached = state
                case .refused: reached = state
                }
                let isRefused = state.transition(on: event) == .refused
                guard isPermitted != isRefused, next.state == reached else {
                    Issue.record("\(name) in \(state): \(reached), not \(next.state)")
                    continue
                }
                if isPermitted { explore(reached, next, depth: depth - 1) }
            }
        }
        explore(.queued, Model(), depth: 9)
        #expect(seen == Set(JobState.allCases))
        #expect(paths > 50_000)
    }
}
