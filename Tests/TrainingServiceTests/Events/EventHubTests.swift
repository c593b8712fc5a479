import Foundation
import Jobs
import Logging
import Synchronization
import Testing
import TrainingAPI

@testable import TrainingService

@Suite struct EventHubTests {
    private let store = InMemoryJobStore()
    private let hub: EventHub<RecordingOutlet>
    private let id: JobID
    private let key: LeaseKey
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)

    init() throws {
        hub = EventHub(store, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        id = JobID.random(at: Self.now)
        _ = try store.accept(
            JobSubmission(id: id, kind: "train", specification: [], totalSteps: 9, at: Self.now)
        )
        let request = Jobs.LeaseRequest(
            worker: "w",
            requestID: "1",
            kinds: ["train"],
            at: Self.now
        )
        key = try #require(try store.lease(request)).lease.key
    }

    /// Stores a report with so many events, and tells the hub.
    private func report(_ sequence: Int, events: Int = 1, bytes: Int = 1) throws {
        var report = JobReport(key: key, sequence: sequence, steps: 0..<sequence)
        report.events = (0..<events).map { _ in
            JobEventDraft(.checkpoint, at: Self.now) { writer in
                writer.field("note", String(repeating: "x", count: bytes))
            }
        }
        _ = try store.report(report)
        hub.changed(id)
    }

    private func follow(
        after number: Int = 0,
        _ format: EventFormat = .stream,
        follows: Bool = true
    ) -> RecordingOutlet {
        let outlet = RecordingOutlet()
        hub.follow(id, format, after: number, to: outlet, follows: follows)
        settle()
        return outlet
    }

    /// Lets the hub work until it has nothing to do.
    private func settle(now: ContinuousClock.Instant = .now) {
        for _ in 0..<50 { _ = hub.work(now: now) }
    }

    @Test func `a reader gets what was, what comes, and the end`() throws {
        let outlet = follow()
        #expect(outlet.events == ["1 state", "2 state"])
        try report(1)
        settle()
        #expect(outlet.events.last == "3 checkpoint")
        _ = try store.complete(JobCompletion(key: key, outcome: .succeeded, at: Self.now))
        hub.changed(id)
        settle()
        #expect(outlet.events.suffix(2) == ["4 state", "end"])
        #expect(!outlet.isOpen)
        #expect(outlet.text.contains(#""state":"succeeded","cause":"succeeded""#))
        #expect(follow(after: 4).events == ["end"])
    }

    @Test func `a replay begins right after the number that the reader has`() throws {
        try report(1, events: 600)
        #expect(follow(after: 600).events == ["601 checkpoint", "602 checkpoint"])
        let whole = follow().events
        #expect(whole.count == 602)
        #expect(whole.last == "602 checkpoint")
        #expect(follow(after: 9_999).events == [])
    }

    @Test func `many readers share one piece`() throws {
        let outlets = (0..<1_000).map { _ in follow() }
        let before = RecordingOutlet.broadcasts
        try report(1, events: 4)
        settle()
        #expect(RecordingOutlet.broadcasts == before + 1)
        #expect(outlets.allSatisfy { $0.events.count == 6 })
    }

    @Test func `several changes that wait are read once, and none is lost or doubled`() throws {
        let outlet = follow()
        for sequence in 1...5 { try report(sequence) }
        settle()
        for sequence in 6...9 {
            try report(sequence)
            settle()
        }
        #expect(outlet.events.map { Int($0.prefix { $0 != " " }) } == Array(1...11))
    }

    @Test func `a reader that was slow for a moment misses nothing`() throws {
        let outlet = follow()
        outlet.limit(to: 1)
        for sequence in 1...5 {
            try report(sequence)
            settle()
        }
        #expect(outlet.events.count == 3)
        outlet.drain()
        settle()
        #expect(outlet.events.map { Int($0.prefix { $0 != " " }) } == Array(1...7))
    }

    @Test func `a reader that is far behind is told what it misses`() throws {
        let outlet = follow()
        outlet.limit(to: 1)
        for sequence in 1...40 {
            try report(sequence, bytes: 8_192)
            settle()
        }
        outlet.drain()
        settle()
        let events = outlet.events
        #expect(events.prefix(3) == ["1 state", "2 state", "3 checkpoint"])
        #expect(events[3] == "gap")
        let next = try #require(Int(events[4].prefix { $0 != " " }))
        #expect(outlet.text.contains(#"data: {"from":4,"to":\#(next - 1)}"#))
        #expect(events.last == "42 checkpoint")
        #expect(events.count == 5 + 42 - next)
    }

    @Test func `a slow replay takes its time and misses nothing`() throws {
        try report(1, events: 1_000)
        let outlet = RecordingOutlet()
        outlet.limit(to: 1)
        hub.follow(id, .stream, after: 0, to: outlet)
        settle()
        #expect(outlet.events.count == 256)
        try report(2)
        settle()
        outlet.drain()
        settle()
        #expect(outlet.events.map { Int($0.prefix { $0 != " " }) } == Array(1...1_003))
    }

    @Test func `events that are no longer kept are told as a gap`() throws {
        for sequence in 1...3 {
            var report = JobReport(key: key, sequence: sequence, steps: 0..<sequence)
            report.events = (0..<1_000).map { _ in
                JobEventDraft(.metrics, at: Self.now) { $0.field("n", 1) }
            }
            _ = try store.report(report)
        }
        let events = follow().events
        #expect(events.prefix(3) == ["1 state", "2 state", "gap"])
        #expect(events.last == "3002 metrics")
        #expect(events.count - 3 < 2_048 + 256)
    }

    @Test func `silent connections are written to every 15 seconds`() {
        let now = ContinuousClock.now
        let outlet = RecordingOutlet()
        hub.follow(id, .stream, after: 2, to: outlet)
        let deadline = hub.work(now: now)
        #expect(deadline == now + .seconds(15))
        settle(now: now + .seconds(14))
        #expect(outlet.text == "")
        settle(now: now + .seconds(15))
        #expect(outlet.text == ":\n\n")
        outlet.leave()
        settle(now: now + .seconds(16))
        #expect(hub.work(now: now + .seconds(17)) == nil)
    }

    @Test func `the readers of a job that is deleted are told`() throws {
        let outlet = follow()
        _ = try store.complete(
            JobCompletion(
                key: key,
                outcome: .failed(JobFailure(code: "diverged", detail: nil), isPermanent: true),
                at: Self.now
            )
        )
        try store.delete(id)
        hub.deleted(id)
        settle()
        #expect(outlet.text.hasSuffix("event: end\ndata: {\"state\":\"deleted\"}\n\n"))
        #expect(!outlet.isOpen)
    }

    @Test func `a retry goes on in the same log`() throws {
        _ = try store.complete(
            JobCompletion(
                key: key,
                outcome: .failed(JobFailure(code: "diverged", detail: nil), isPermanent: true),
                at: Self.now
            )
        )
        _ = try store.act(.retry, on: id, at: Self.now)
        let outlet = follow(after: 2)
        #expect(outlet.events == ["3 state", "4 state"])
        #expect(outlet.isOpen)
    }

    @Test func `a log is plain lines, with or without those to come`() throws {
        var report = JobReport(key: key, sequence: 1, steps: 0..<1)
        report.events = [.log(["first", "second"], at: Self.now)]
        _ = try store.report(report)
        let whole = follow(.text, follows: false)
        #expect(!whole.isOpen)
        let lines = whole.text.split(separator: "\n").map { $0.dropFirst(28) }
        #expect(lines.count == 4)
        #expect(lines[0] == "-- accepted")
        #expect(lines[1].hasPrefix("-- run 1"))
        #expect(lines.suffix(2) == ["first", "second"])
        let live = follow(.text)
        #expect(live.isOpen)
        try self.report(2)
        settle()
        #expect(live.text == whole.text)
        _ = try store.complete(JobCompletion(key: key, outcome: .succeeded, at: Self.now))
        hub.changed(id)
        settle()
        #expect(live.text.hasSuffix("-- succeeded after 2 steps\n"))
        #expect(!live.isOpen)
    }

    @Test func `a poll is answered at once, when something happens, or when its time is over`()
        throws
    {
        let answers = Mutex<[JobEventPage]>([])
        func poll(after number: Int, for wait: Duration, from now: ContinuousClock.Instant) {
            hub.poll(
                EventPoll(job: id, number: number, deadline: now + wait) { result in
                    if case .success(let page) = result { answers.withLock { $0.append(page) } }
                }
            )
        }
        let now = ContinuousClock.now
        poll(after: 0, for: .seconds(20), from: now)
        settle(now: now)
        #expect(answers.withLock { $0.last?.events.map(\.id) } == [1, 2])
        poll(after: 2, for: .seconds(20), from: now)
        settle(now: now)
        #expect(answers.withLock(\.count) == 1)
        try report(1)
        settle(now: now)
        #expect(answers.withLock { $0.last?.events.map(\.id) } == [3])
        poll(after: 3, for: .seconds(20), from: now)
        settle(now: now + .seconds(19))
        #expect(answers.withLock(\.count) == 2)
        settle(now: now + .seconds(20))
        #expect(answers.withLock { $0.last?.events } == [])
        #expect(hub.work(now: now) == nil)
    }

    @Test func `a poll of a hub that is closed is told so`() throws {
        hub.close()
        let status = Mutex<Int?>(nil)
        hub.poll(
            EventPoll(job: id, number: 0, deadline: .now) { result in
                guard case .failure(let problem as Problem) = result else { return }
                status.withLock { $0 = problem.status }
            }
        )
        #expect(status.withLock { $0 } == 503)
    }
}
