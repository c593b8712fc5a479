import Foundation
import Synchronization
import Testing
import TrainingAPI

@testable import TrainingWorker

/// Brief jobs that a worker has ahead while one that takes its time comes to its main lane.
@Suite(.timeLimit(.minutes(5))) struct WorkerAheadWaitTests {
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
