import Foundation
import Glibc
import Logging
import Processes
import Synchronization
import TrainingService

/// The worker processes that a server starts on its own machine and keeps running.
///
/// One thread watches each worker, so that its death is known at once: the job that it ran goes back to
/// the queue, and another worker takes its place.
final class LocalWorkers: Sendable {
    /// What every worker is started with.
    struct Plan {
        /// The server's address as workers see it.
        let server: String
        /// The token that the workers show; nil where nobody needs one.
        let token: String?
        /// The server's instance id.
        let instance: String
        /// The folder for decoded datasets.
        let cacheFolder: String
        /// The number of workers.
        let count: Int
        /// Whether they run commands beside trainings.
        let runsCommands: Bool
        /// The GPUs that they offer to commands, as `lehrd work --gpus` takes them; nil for all.
        let gpus: String?
    }

    private struct State {
        var children: [Int: ChildProcess] = [:]
        /// The workers that this process has stopped itself.
        var killed: Set<pid_t> = []
        /// How many of the kernel's kills for memory are accounted for.
        var memoryKills = 0
        var names: [String: Int] = [:]
        var watching = 0
        var isStopping = false
    }

    // Guarded by `condition`.
    nonisolated(unsafe) private var state = State()
    private let condition = MonotonicCondition()
    private let plan: Plan
    private let service: Service
    private let logger: Logger

    /// A worker that ran less than this is started again only after a pause of ``restartPause``.
    private static let shortLife = Duration.seconds(5)
    private static let restartPause = Duration.seconds(1)

    /// Makes the pool; ``start()`` starts its workers.
    init(_ plan: Plan, service: Service, logger: Logger) {
        self.plan = plan
        self.service = service
        self.logger = logger
    }

    /// Starts every worker.
    func start() {
        service.stopLocalWorker.withLock { stop in stop = { [self] in kill($0) } }
        condition.lock()
        state.watching = plan.count
        state.memoryKills = MemoryKills().count ?? 0
        condition.unlock()
        for index in 0..<plan.count {
            let thread = Thread { [self] in
                keep(index)
                condition.lock()
                state.watching -= 1
                condition.broadcast()
                condition.unlock()
            }
            thread.name = "worker \(index)"
            thread.start()
        }
    }

    /// Asks every worker to give its job back, and ends those that have not done so in `grace`.
    func stop(within grace: Duration) {
        service.stopLocalWorker.withLock { $0 = nil }
        condition.lock()
        defer { condition.unlock() }
        state.isStopping = true
        condition.broadcast()
        for child in state.children.values { child.send(SIGTERM) }
        let deadline = ContinuousClock.now + grace
        while state.watching > 0, condition.wait(until: deadline) {}
        for child in state.children.values { child.send(SIGKILL) }
        while state.watching > 0 { condition.wait() }
    }

    /// Ends the worker called `name` at once; another takes its place.
    private func kill(_ name: String) {
        condition.lock()
        defer { condition.unlock() }
        guard let index = state.names[name], let child = state.children[index] else { return }
        logger.notice("worker \(name) is stopped: it did not let go of its job")
        state.killed.insert(child.id)
        child.send(SIGKILL)
    }

    /// Runs the worker of `index` again and again until the pool stops.
    private func keep(_ index: Int) {
        while true {
            let began = ContinuousClock.now
            let name = "\(plan.instance.prefix(8))-\(index)"
            if let (child, output) = spawn(index, name: name) {
                let ending = child.wait()
                condition.lock()
                state.children[index] = nil
                let isStopping = state.isStopping
                let isMemory = isMemoryKill(child, ending)
                condition.unlock()
                if !isStopping { logger.warning("worker \(name) \(ending)") }
                service.localWorkerEnded(
                    name,
                    detail: isMemory ? "was killed because memory was short" : "\(ending)",
                    isOutOfMemory: isMemory,
                    lastLines: output.lastLines()
                )
            }
            guard pause(since: began) else { return }
        }
    }

    /// Whether the kernel has killed a worker for memory; `condition` must be held.
    ///
    /// Of each kill that the kernel counts, one end is held to be its work.
    private func isMemoryKill(_ child: ChildProcess, _ ending: SpawnedProcess.Ending) -> Bool {
        guard state.killed.remove(child.id) == nil, case .signalled(SIGKILL) = ending,
            let count = MemoryKills().count, count > state.memoryKills
        else { return false }
        state.memoryKills += 1
        return true
    }

    /// Starts the worker of `index`; `nil` where the pool stops or the start fails.
    private func spawn(_ index: Int, name: String) -> (ChildProcess, ChildOutput)? {
        condition.lock()
        defer { condition.unlock() }
        guard !state.isStopping else { return nil }
        var environment = ProcessInfo.processInfo.environment
        environment["OMP_NUM_THREADS"] = "1"
        environment[LogOptions.variable] = logger.logLevel.rawValue
        // By the environment, which no other user of the machine can read.
        environment["LEHR_TOKEN"] = plan.token
        guard let output = ChildOutput() else {
            logger.error("worker \(name) could not be started: there is no pipe for its output")
            return nil
        }
        // Without a child, the end of the output comes at once.
        defer { output.start() }
        do {
            let child = try ChildProcess(
                executable: "/proc/self/exe",
                arguments: [
                    "work", "--server", plan.server, "--name", name, "--instance", plan.instance,
                    "--cache", plan.cacheFolder, "--processor", String(index), "--lifeline",
                ] + (plan.runsCommands ? ["--commands"] : [])
                    + (plan.gpus.map { ["--gpus", $0] } ?? []),
                environment: environment,
                output: output.writingEnd
            )
            state.children[index] = child
            state.names[name] = index
            return (child, output)
        } catch {
            logger.error("worker \(name) could not be started: \(error)")
            return nil
        }
    }

    /// Waits before the next start where the last worker did not live long.
    ///
    /// - Parameter began: When the last worker was started.
    /// - Returns: Whether there is to be a next start.
    private func pause(since began: ContinuousClock.Instant) -> Bool {
        condition.lock()
        defer { condition.unlock() }
        guard ContinuousClock.now - began < Self.shortLife else { return !state.isStopping }
        let deadline = ContinuousClock.now + Self.restartPause
        while !state.isStopping, condition.wait(until: deadline) {}
        return !state.isStopping
    }
}
