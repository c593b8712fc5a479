internal import Foundation
internal import HTTP
internal import Jobs
internal import Logging
internal import TrainingAPI

/// Everybody who follows a job's events, and the one thread that writes to them.
///
/// Whoever changes a job calls ``changed(_:)`` after the store has committed; the thread then reads what
/// is new from the store, which alone numbers events, and sends it: so no order of calls can lose, double
/// or turn round an event. A job that nobody follows costs one look into a set.
final class EventHub<Outlet: EventOutlet>: Sendable {
    /// What the thread is asked to do.
    enum Command: Sendable {
        case changed(JobID)
        case deleted(JobID)
        case follow(JobID, EventFormat, after: Int, Outlet, follows: Bool)
        case poll(EventPoll)
        /// A reader has room again.
        case drained(EventTopic, Int)
        /// A reader has read a page and may not have read everything.
        case advance(EventTopic, Int)
        /// A reader has left.
        case left(EventTopic, Int)
    }

    private struct Inbox {
        var commands: [Command] = []
        var isClosed = false
    }

    /// How often silent connections are written to.
    static var beatInterval: Duration { .seconds(15) }

    // Guarded by `condition`.
    nonisolated(unsafe) private var inbox = Inbox()
    // Guarded by `condition`: the jobs that somebody follows.
    nonisolated(unsafe) private var followed: Set<JobID> = []
    private let condition = MonotonicCondition()
    // Used by the thread alone, or by a test that runs without it.
    nonisolated(unsafe) private var desk: EventDesk<Outlet>

    /// Makes a hub that reads from `store`.
    init(_ store: any JobStore, logger: Logger) {
        desk = EventDesk(store, logger: logger)
    }

    /// Starts the thread.
    func start() {
        let thread = Thread { [self] in run() }
        thread.name = "events"
        thread.start()
    }

    /// Lets go of every reader, without an `end`: they may ask another server, or this one later.
    func close() {
        condition.lock()
        inbox.isClosed = true
        condition.signal()
        condition.unlock()
    }

    /// Tells that a job's log may have grown.
    func changed(_ job: JobID) {
        post(.changed(job), onlyIfFollowed: job)
    }

    /// Tells that a job is there no more.
    func deleted(_ job: JobID) {
        post(.deleted(job), onlyIfFollowed: job)
    }

    /// Writes a job's events after a number to an outlet.
    ///
    /// - Parameters:
    ///   - job: A job that there is.
    ///   - format: How events are written.
    ///   - number: The number after which they begin.
    ///   - outlet: Where they go.
    ///   - follows: Whether events that are to come are written too, until the job is final.
    func follow(
        _ job: JobID,
        _ format: EventFormat,
        after number: Int,
        to outlet: Outlet,
        follows: Bool = true
    ) {
        post(.follow(job, format, after: number, outlet, follows: follows))
    }

    /// Answers once there are events after a number, or none for a time; with 503 once the hub is closed.
    func poll(_ poll: EventPoll) {
        guard !post(.poll(poll)) else { return }
        poll.answer(.failure(Problem(status: 503, detail: "The server is about to stop.")))
    }

    /// Asks the thread for something, and tells whether it will do it.
    @discardableResult
    private func post(_ command: Command, onlyIfFollowed job: JobID? = nil) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        guard !inbox.isClosed, job.map({ followed.contains($0) }) ?? true else { return false }
        inbox.commands.append(command)
        condition.signal()
        return true
    }

    private func run() {
        var deadline: ContinuousClock.Instant?
        while wait(until: deadline) { deadline = work() }
        // Who asked before the end is answered too.
        _ = work()
        desk.closeAll()
    }

    /// Waits for a command or for `deadline`; tells whether the hub goes on.
    private func wait(until deadline: ContinuousClock.Instant?) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        while inbox.commands.isEmpty, !inbox.isClosed {
            guard let deadline else {
                condition.wait()
                continue
            }
            guard deadline > .now else { break }
            condition.wait(until: deadline)
        }
        return !inbox.isClosed
    }

    /// Does what waits to be done, as the thread does.
    ///
    /// - Parameter now: The present.
    /// - Returns: When there is something to do at the latest; `nil` where nothing is.
    func work(now: ContinuousClock.Instant = .now) -> ContinuousClock.Instant? {
        condition.lock()
        let commands = inbox.commands
        inbox.commands = []
        condition.unlock()
        var changed: Set<JobID> = []
        for command in commands {
            // Several changes of a job that wait are one.
            if case .changed(let job) = command, !changed.insert(job).inserted { continue }
            desk.perform(
                command,
                now: now,
                following: { [self] job in setFollowed(job, true) },
                later: { [self] in post($0) }
            )
        }
        for job in desk.endWaits(now: now) { setFollowed(job, false) }
        return desk.nextDeadline
    }

    /// Notes whether anybody follows a job; before its log is read for the first time, so that no change
    /// falls between.
    private func setFollowed(_ job: JobID, _ isFollowed: Bool) {
        condition.lock()
        defer { condition.unlock() }
        if isFollowed { followed.insert(job) } else { followed.remove(job) }
    }
}

/// A job's event log in one format.
struct EventTopic: Hashable, Sendable {
    let job: JobID
    let format: EventFormat
}

/// One who waits for events after a number, once.
struct EventPoll: Sendable {
    let job: JobID
    let number: Int
    let deadline: ContinuousClock.Instant
    /// Answers: with a page, or the store's error.
    let answer: @Sendable (Result<JobEventPage, any Error>) -> Void
}
