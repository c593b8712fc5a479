internal import Foundation
internal import Logging
internal import Processes
internal import Synchronization
internal import TrainingAPI
internal import TrainingClient

/// One lease's run of a job of kind `command`: a process works, this task reports its output.
///
/// Steps and metrics are the script's own to report: it finds the lease in a file that `LEHR_LEASE`
/// names. This run holds the lease, and says how the process ended.
final class CommandRun: Sendable {
    /// How a run ended, and the lines of output that no heartbeat has taken.
    struct Result: Sendable {
        let outcome: WorkerCompletion.Outcome
        let lines: [String]
    }

    /// Why the process is to end.
    private enum Stop: Sendable {
        /// Now: the job is cancelled, or the worker stops.
        case now
        /// Once the script has had time to save a checkpoint.
        case soon
        /// At once and for good: the job is another's.
        case lost
    }

    private struct State {
        var output: OutputLines
        var stop: Stop?
        var ending: SpawnedProcess.Ending?
        /// Whether all of the output was read.
        var isRead = false
    }

    /// How long a process may take to end after it was asked to.
    private static let termination = Duration.seconds(8)
    /// How long a script may take to save a checkpoint before it is asked to end.
    private static let saving = Duration.seconds(15)

    private let job: LeasedJob
    private let configuration: WorkerConfiguration
    private let client: LehrClient
    private let logger: Logger
    private let state: Mutex<State>
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    /// Makes the run of a leased job.
    init(
        _ job: LeasedJob,
        configuration: WorkerConfiguration,
        client: LehrClient,
        logger: Logger
    ) {
        self.job = job
        self.configuration = configuration
        self.client = client
        self.logger = logger
        state = Mutex(State(output: OutputLines(limit: 0)))
        (wakes, wake) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Makes the process end; the job is given back.
    func stop() {
        note(.now)
    }

    /// Runs the command to its end.
    ///
    /// - Returns: How it ended; `nil` where the lease was lost and nothing may be said.
    func run() async -> Result? {
        var context = DecodingContext(refusesUnknown: false)
        guard case .script(let script) = JobWork(job.specification.document, &context),
            let command = script.command
        else {
            return Result(outcome: Self.invalid("the job's command cannot be read"), lines: [])
        }
        state.withLock { $0.output = OutputLines(limit: command.limits.outputBytes) }
        let place = CommandPlace(job, configuration: configuration, client: client)
        let result = await run(command, seed: script.seed, in: place)
        // A folder of many files takes its time, and the end is told after it.
        let beats = Heartbeats(of: job, client) { _, _ in }
        if result != nil { beats.begin(isAtOnce: false) }
        await place.remove()
        await beats.end()
        return result
    }

    private func run(
        _ command: CommandSpecification,
        seed: UInt64,
        in place: CommandPlace
    ) async -> Result? {
        let process: CommandProcess
        do {
            try place.prepare()
            if let code = command.code, let outcome = await bring(try place.fetch(code)) {
                let isLost = state.withLock { $0.stop == .lost }
                return isLost ? nil : Result(outcome: outcome, lines: [])
            }
            process = try place.start(command, seed: seed)
        } catch {
            return Result(outcome: Self.invalid(error.detail), lines: [])
        }
        let began = ContinuousClock.now
        read(process)
        await supervise(process)
        state.withLock { $0.output.finish() }
        if state.withLock({ $0.stop == .lost }) { return nil }
        guard await sendOutput(), let ending = state.withLock(\.ending) else { return nil }
        let (stop, lines) = state.withLock { ($0.stop, $0.output.next) }
        let outcome = outcome(
            of: ending,
            stop: stop,
            said: place.result(),
            seconds: (ContinuousClock.now - began).seconds
        )
        return Result(outcome: outcome, lines: lines)
    }

    // MARK: - The code

    /// Brings the code; heartbeats hold the lease meanwhile, and none is on its way when this returns.
    ///
    /// - Returns: `nil` where it is there; else how the run ends.
    private func bring(_ fetch: CodeFetch) async -> WorkerCompletion.Outcome? {
        let beats = Task.repeating(every: .seconds(min(1, job.termSeconds / 3))) {
            _ = await self.beat()
        }
        let outcome = await run(fetch)
        beats.cancel()
        await beats.value
        return outcome
    }

    private func run(_ fetch: CodeFetch) async -> WorkerCompletion.Outcome? {
        defer { fetch.archive.remove() }
        var patience = Patience(configuration)
        while true {
            do {
                let outcome = try await fetch.run()
                return state.withLock { $0.stop == nil } ? outcome : .released
            } catch {
                guard state.withLock({ $0.stop == nil }) else { return .released }
                guard await patience.wait(received: fetch.archive.size, stopped: nil) else {
                    note(.lost)
                    return .released
                }
            }
        }
    }

    // MARK: - The process

    /// Reads the output on one thread and waits for the end on another, since both block.
    private func read(_ process: CommandProcess) {
        let reader = Thread { [self] in
            let size = 1 << 16
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 1)
            defer { buffer.deallocate() }
            while true {
                let count = Glibc.read(process.output, buffer.baseAddress, size)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { break }
                let isFull = state.withLock { state in
                    state.output.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
                    return state.output.isFull
                }
                if isFull { wake.yield() }
            }
            close(process.output)
            state.withLock { $0.isRead = true }
            wake.yield()
        }
        reader.name = "output"
        reader.start()
        let waiter = Thread { [self] in
            let ending = process.reap()
            state.withLock { $0.ending = ending }
            wake.yield()
        }
        waiter.name = "command"
        waiter.start()
    }

    private func note(_ stop: Stop) {
        state.withLock { state in
            if state.stop == nil || stop != .soon { state.stop = stop }
        }
        wake.yield()
    }

    /// Renews the lease and sends output until the process has ended, and ends it where it must.
    private func supervise(_ process: CommandProcess) async {
        let ticker = Task.repeating(every: configuration.reportInterval) { [wake] in wake.yield() }
        defer { ticker.cancel() }
        var asked: ContinuousClock.Instant?
        var deadline: ContinuousClock.Instant?
        var heard = ContinuousClock.now
        for await _ in wakes {
            let (stop, isOver) = state.withLock { ($0.stop, $0.ending != nil && $0.isRead) }
            if isOver { return }
            let now = ContinuousClock.now
            if let stop, asked == nil {
                if stop == .lost {
                    process.signal(SIGKILL)
                    asked = now
                } else if stop == .now || deadline.map({ now >= $0 }) ?? false {
                    process.signal(SIGTERM)
                    asked = now
                } else if deadline == nil {
                    deadline = now + Self.saving
                }
            }
            if let asked, now >= asked + Self.termination { process.signal(SIGKILL) }
            let isDue = now - heard >= .seconds(min(1, job.termSeconds / 3))
            guard isDue || state.withLock({ !$0.output.isEmpty }) else { continue }
            if await beat() {
                heard = .now
            } else if !configuration.isPatient(since: heard, stopped: nil) {
                note(.lost)
            }
        }
    }

    // MARK: - The server

    /// Renews the lease with the output so far; whether the server has taken it.
    private func beat() async -> Bool {
        let (from, lines) = state.withLock { state in (state.output.number, state.output.next) }
        do {
            let receipt = try await client.heartbeat(
                job.leaseID,
                fence: job.fence,
                log: lines.isEmpty ? nil : (from, lines)
            )
            state.withLock { $0.output.drop(lines.count) }
            for directive in receipt.directives {
                switch directive {
                case .cancel: note(.now)
                case .pause: note(.soon)
                case .drain: note(.now)
                }
            }
            return true
        } catch {
            if error.isLeaseLost { note(.lost) }
            if !error.isWorthRepeating {
                logger.warning("output of job \(job.jobID) was not taken: \(error)")
                state.withLock { $0.output.drop(lines.count) }
            }
            return false
        }
    }

    /// Sends the output, and hears once more what is to become of the job.
    ///
    /// A script may have ended because it heard that first.
    ///
    /// - Returns: Whether the lease still holds.
    private func sendOutput() async -> Bool {
        var pause = Backoff(first: .milliseconds(50), limit: .seconds(2))
        let began = ContinuousClock.now
        while true {
            if await beat() {
                if state.withLock({ $0.output.isEmpty }) { return true }
                continue
            }
            guard state.withLock({ $0.stop != .lost }),
                configuration.isPatient(since: began, stopped: nil)
            else { return false }
            await pause.wait()
        }
    }

    // MARK: - The end

    private func outcome(
        of ending: SpawnedProcess.Ending,
        stop: Stop?,
        said: (code: String, detail: String)?,
        seconds: Double
    ) -> WorkerCompletion.Outcome {
        // What ends because it was told to is given back, however it ends.
        if stop != nil { return .released }
        if let said { return .failed(code: said.code, detail: said.detail, isPermanent: false) }
        return ending.outcome(after: seconds, output: state.withLock { $0.output.tail(3) })
    }

    private static func invalid(_ detail: String) -> WorkerCompletion.Outcome {
        .failed(code: "invalid", detail: detail, isPermanent: true)
    }
}
