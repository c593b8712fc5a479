import Foundation
import Synchronization
import Testing
import TrainingAPI

@testable import TrainingWorker

/// Brief jobs that a worker has one ahead of.
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

        /// The next job; one that comes ahead has the fence 2, by which its end is known.
        func job(
            isBrief: Bool = true,
            steps: Int = 60,
            isAhead: Bool = false
        ) throws -> LeasedJob {
            let number = count.withLock {
                $0 += 1; return $0
            }
            var job = try Sample.job(steps: steps)
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
        let asked = Gate()
        let aheadRequests = Mutex<[String]>([])
        let mainEnds = Mutex(0)
        let released = Mutex(false)
        // The request for a job ahead is answered only when it comes a second time.
        let server = ScriptedServer { message, _ in
            switch message {
            case .lease(let request):
                guard request.isAhead else { return .reply(try? leases.job()) }
                let count = aheadRequests.withLock { requests in
                    requests.append(request.requestID)
                    return requests.count
                }
                await asked.open()
                return count == 1 ? .hold : .reply(try? leases.job(isAhead: true))
            case .report: return .receipt(Sample.receipt())
            case .completion(let completion):
                if completion.fence == 2 {
                    released.withLock { $0 = completion.outcome == .released }
                    return .nothing
                }
                switch mainEnds.withLock({
                    $0 += 1; return $0
                }) {
                case 1: return .reply(try? leases.job())
                case 2:
                    await asked.passing()
                    return .reply(try? leases.job(isBrief: false))
                default:
                    #expect(released.withLock { $0 }, "before the job that takes its time began")
                    await box.stop()
                    return .nothing
                }
            }
        }
        let worker = try Sample.worker(server)
        box.set(worker)
        await worker.work()
        #expect(released.withLock { $0 })
        #expect(Set(aheadRequests.withLock { $0 }).count == 1)
    }

    @Test func `begins nothing that takes its time before the lane ahead is empty`() async throws {
        let leases = Leases()
        let box = WorkerBox()
        let mainEnds = Mutex(0)
        let (granted, aheadEnds) = (Gate(), Gate())
        let order = Mutex<[String]>([])
        // The end of the job ahead is held until the long job had time enough to report, had it begun.
        let server = ScriptedServer { message, _ in
            switch message {
            case .lease(let request):
                if request.isAhead { await granted.open() }
                return .reply(try? leases.job(isAhead: request.isAhead))
            case .report(let report):
                if report.toStep > 60 { order.withLock { $0.append("long") } }
                return .receipt(Sample.receipt())
            case .completion(let completion):
                if completion.fence == 2 {
                    await aheadEnds.passing()
                    order.withLock { $0.append("ahead") }
                    return .nothing
                }
                switch mainEnds.withLock({
                    $0 += 1; return $0
                }) {
                case 1: return .reply(try? leases.job())
                case 2:
                    await granted.passing()
                    Task {
                        try await Task.sleep(for: .milliseconds(300))
                        await aheadEnds.open()
                    }
                    return .reply(try? leases.job(isBrief: false, steps: 2_000))
                default:
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
        #expect(seen.contains("long"))
    }
}

extension ScriptedServer.Reply {
    /// A job, or nothing where there is none.
    fileprivate static func reply(_ job: LeasedJob?) -> Self {
        job.map { .job($0) } ?? .nothing
    }
}
