import Foundation
import Synchronization
import Testing
import TrainingAPI

@testable import TrainingWorker

/// Brief jobs that a worker has ahead.
@Suite(.timeLimit(.minutes(5))) struct WorkerAheadTests {
    /// A moment that messages wait for.
    private actor Gate {
        private var isOpen = false
        private var waiting: [CheckedContinuation<Void, Never>] = []

        func open() {
            isOpen = true
            waiting.forEach { $0.resume() }
            waiting = []
        }

        func passing() async {
            guard !isOpen else { return }
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    /// The leases of a script, each with its own id.
    private final class Leases: Sendable {
        private let count = Mutex(0)

        /// The next job; one that comes ahead has the fence 2, by which it is known.
        func job(
            isBrief: Bool = true,
            steps: Int = 60,
            granted: Int? = nil,
            isAhead: Bool = false
        ) throws -> LeasedJob {
            let number = count.withLock {
                $0 += 1; return $0
            }
            var job = try Sample.job(steps: steps, granted: granted)
            job.leaseID = String(repeating: "\(number)", count: 32)
            job.isBrief = isBrief
            job.fence = isAhead ? 2 : 1
            return job
        }
    }

    @Test func `trains the next brief job while the end of one is under way`() async throws {
        let leases = Leases()
        let gate = Gate()
        let completions = Mutex(0)
        let box = WorkerBox()
        // The first of two that follow each other is answered at once; the second one's end is held until
        // a job that came ahead has ended too.
        let server = ScriptedServer { message, _ in
            switch message {
            case .lease(let request):
                guard request.isAhead else { return .reply(try? leases.job()) }
                return request.isBusy ? .reply(try? leases.job()) : .nothing
            case .report: return .receipt(Sample.receipt())
            case .completion(let completion):
                switch completions.withLock({
                    $0 += 1; return $0
                }) {
                case 1: return .reply(try? leases.job())
                case 2: await gate.passing()
                case 3:
                    #expect(completion.next != nil)
                    await box.stop()
                    await gate.open()
                default: break
                }
                return .nothing
            }
        }
        let worker = try Sample.worker(server)
        box.set(worker)
        await worker.work()
        let ends = server.asked.compactMap { message in
            if case .completion(let completion) = message { completion } else { nil }
        }
        #expect(ends.count >= 3)
        for end in ends.prefix(3) {
            guard case .succeeded = end.outcome else {
                Issue.record("a job did not succeed: \(end.outcome)")
                return
            }
        }
    }

    @Test func `has the ends of several brief jobs under way at once`() async throws {
        let leases = Leases()
        let gate = Gate()
        let completions = Mutex(0)
        let all = 1 + 1 + WorkerConfiguration.briefJobsAhead
        let box = WorkerBox()
        // After the first, no end is answered before as many have come as there are lanes.
        let server = ScriptedServer { message, _ in
            switch message {
            case .lease: return .reply(try? leases.job())
            case .report: return .receipt(Sample.receipt())
            case .completion:
                let number = completions.withLock {
                    $0 += 1; return $0
                }
                guard number > 1 else { return .reply(try? leases.job()) }
                if number == all {
                    await box.stop()
                    await gate.open()
                }
                await gate.passing()
                return .nothing
            }
        }
        let worker = try Sample.worker(server)
        box.set(worker)
        await worker.work()
        #expect(completions.withLock { $0 } >= all)
    }

    @Test func `asks for no second job behind one that takes its time`() async throws {
        let leases = Leases()
        let completions = Mutex(0)
        let box = WorkerBox()
        let server = ScriptedServer { message, _ in
            switch message {
            case .lease: return .reply(try? leases.job(isBrief: false))
            case .report: return .receipt(Sample.receipt())
            case .completion:
                guard
                    completions.withLock({
                        $0 += 1; return $0
                    }) < 3
                else {
                    await box.stop()
                    return .nothing
                }
                return .reply(try? leases.job(isBrief: false))
            }
        }
        let worker = try Sample.worker(server)
        box.set(worker)
        await worker.work()
        let requests = server.asked.compactMap { message in
            switch message {
            case .lease(let request): request
            case .completion(let completion): completion.next
            case .report: nil
            }
        }
        #expect(requests.count >= 3)
        #expect(requests.allSatisfy { !$0.isAhead && !$0.isBusy })
    }

    @Test func `gives a job back that comes ahead too late`() async throws {
        let leases = Leases()
        let box = WorkerBox()
        let (asked, late) = (Gate(), Gate())
        let mainEnds = Mutex(0)
        let outcome = Mutex<WorkerCompletion.Outcome?>(nil)
        // The request for a job ahead is answered once the main lane trains one that takes its time.
        let server = ScriptedServer { message, _ in
            switch message {
            case .lease(let request):
                guard request.isAhead else { return .reply(try? leases.job()) }
                await asked.open()
                await late.passing()
                return .reply(try? leases.job(isAhead: true))
            case .report(let report):
                // A brief job has no more than sixty steps.
                if report.toStep > 60 { await late.open() }
                return .receipt(Sample.receipt())
            case .completion(let completion):
                if completion.fence == 2 {
                    outcome.withLock { $0 = completion.outcome }
                    await box.stop()
                    return .nothing
                }
                switch mainEnds.withLock({
                    $0 += 1; return $0
                }) {
                case 1: return .reply(try? leases.job())
                case 2:
                    await asked.passing()
                    // Without rates for its last steps it trains until it is stopped.
                    return .reply(
                        try? leases.job(isBrief: false, steps: 100_000, granted: 1_000)
                    )
                default: return .nothing
                }
            }
        }
        let worker = try Sample.worker(server)
        box.set(worker)
        await worker.work()
        #expect(outcome.withLock { $0 } == .released)
    }

    @Test func `begins nothing that takes its time before the jobs ahead have ended`() async throws
    {
        let leases = Leases()
        let box = WorkerBox()
        let (running, goesOn) = (Gate(), Gate())
        let isGiven = Atomic(false)
        let mainEnds = Mutex(0)
        let order = Mutex<[String]>([])
        // The job ahead waits for its checkpoint, and would come to the thread behind the long one. It goes
        // on once that is kept with heartbeats, or trains.
        let server = ScriptedServer(
            beat: { _ in
                await goesOn.open()
                return .receipt(Sample.receipt())
            },
            streaming: {
                await running.open()
                await goesOn.passing()
                order.withLock { $0.append("ahead") }
            }
        ) { message, _ in
            switch message {
            case .lease(let request):
                guard request.isAhead else { return .reply(try? leases.job()) }
                guard !isGiven.exchange(true, ordering: .relaxed),
                    var job = try? leases.job(isAhead: true)
                else { return .nothing }
                job.checkpoint = CheckpointBody(
                    step: 30,
                    hash: String(repeating: "c", count: 64),
                    size: 1,
                    environment: nil,
                    exact: true,
                    createdAt: "2026-01-01T00:00:00Z"
                )
                return .job(job)
            case .report(let report):
                guard report.toStep > 60 else { return .receipt(Sample.receipt()) }
                order.withLock { $0.append("long") }
                await goesOn.open()
                return .receipt(Sample.receipt(Sample.grant(1_000..<2_000)))
            case .completion(let completion):
                if completion.fence == 2 { return .nothing }
                switch mainEnds.withLock({
                    $0 += 1; return $0
                }) {
                case 1: return .reply(try? leases.job())
                case 2:
                    await running.passing()
                    // With half of its rates it reports before its end.
                    var job = try? leases.job(isBrief: false, steps: 2_000, granted: 1_000)
                    job?.termSeconds = 0.3
                    return .reply(job)
                default:
                    order.withLock { $0.append("end") }
                    await box.stop()
                    return .nothing
                }
            }
        }
        let worker = try Sample.worker(server)
        box.set(worker)
        await worker.work()
        let seen = order.withLock { $0 }
        #expect(seen.first == "ahead")
        #expect(seen.last == "end")
        #expect(seen.count { $0 == "ahead" } == 1)
    }

    @Test func `gives a job back that keeps one waiting that takes its time`() async throws {
        let leases = Leases()
        let box = WorkerBox()
        let (idle, training) = (Gate(), Gate())
        let isGiven = Atomic(false)
        let mainEnds = Mutex(0)
        let outcomes = Mutex<[WorkerCompletion.Outcome]>([])
        // The job ahead comes once the thread is idle. It is granted no more than half of its rates, and
        // waits on the thread for the others.
        let server = ScriptedServer { message, _ in
            switch message {
            case .lease(let request):
                guard request.isAhead else { return .reply(try? leases.job()) }
                guard !isGiven.exchange(true, ordering: .relaxed) else { return .nothing }
                await idle.passing()
                return .reply(try? leases.job(granted: 30, isAhead: true))
            case .report(let report):
                if report.fence == 2 { await training.open() }
                return .receipt(Sample.receipt())
            case .completion(let completion):
                if completion.fence == 2 {
                    outcomes.withLock { $0.append(completion.outcome) }
                    return .nothing
                }
                switch mainEnds.withLock({
                    $0 += 1; return $0
                }) {
                case 1: return .reply(try? leases.job())
                case 2:
                    await idle.open()
                    await training.passing()
                    return .reply(try? leases.job(isBrief: false))
                default:
                    await box.stop()
                    return .nothing
                }
            }
        }
        let worker = try Sample.worker(server)
        box.set(worker)
        await worker.work()
        #expect(outcomes.withLock { $0 } == [.released])
    }
}

extension ScriptedServer.Reply {
    /// A job, or nothing where there is none.
    fileprivate static func reply(_ job: LeasedJob?) -> Self {
        job.map { .job($0) } ?? .nothing
    }
}
