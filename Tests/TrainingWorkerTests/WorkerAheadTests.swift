import Foundation
import Synchronization
import Testing
import TrainingAPI

@testable import TrainingWorker

/// Brief jobs that a worker has ahead.
@Suite(.timeLimit(.minutes(5))) struct WorkerAheadTests {
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
}
