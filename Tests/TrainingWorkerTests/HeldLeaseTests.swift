import Synchronization
import Testing
import TrainingAPI

@testable import TrainingWorker

/// A worker whose server has no room for what it sends, for longer than its lease's term.
@Suite(.timeLimit(.minutes(5))) struct HeldLeaseTests {
    private static let full = ScriptedServer.Reply.refusal(
        Problem(status: 507, detail: "The disk is full.")
    )
    /// More than the three heartbeats of a term.
    private static let enough = 5
    private static let term = 0.3

    private let box = WorkerBox()

    /// A job whose lease ends soon where nothing renews it.
    private func job(granted: Int? = nil) throws -> LeasedJob {
        var job = try Sample.job(granted: granted)
        job.termSeconds = Self.term
        return job
    }

    /// Has a worker run against a script, until something stops it.
    private func run(
        beat: @escaping @Sendable (_ number: Int) async -> ScriptedServer.Reply,
        script: @escaping @Sendable (ScriptedServer.Message) async -> ScriptedServer.Reply
    ) async throws -> [ScriptedServer.Message] {
        let server = ScriptedServer(beat: beat) { message, _ in await script(message) }
        let worker = try Sample.worker(server)
        box.set(worker)
        await worker.work()
        return server.asked
    }

    private func outcomes(
        _ messages: [ScriptedServer.Message]
    ) -> [WorkerCompletion.Outcome] {
        messages.compactMap { message in
            if case .completion(let completion) = message { completion.outcome } else { nil }
        }
    }

    @Test func `keeps its lease alive while a report finds no room, and trains on`() async throws {
        let job = try job()
        let beats = Mutex(0)
        let messages = try await run { _ in
            beats.withLock { $0 += 1 }
            return .receipt(Sample.receipt(termSeconds: Self.term))
        } script: { [box] message in
            switch message {
            case .lease: return .job(job)
            case .report:
                let isFull = beats.withLock { $0 } < Self.enough
                return isFull ? Self.full : .receipt(Sample.receipt())
            case .completion:
                await box.stop()
                return .nothing
            }
        }
        guard case .succeeded = try #require(outcomes(messages).first) else {
            Issue.record("the job did not succeed")
            return
        }
        let steps = messages.compactMap { message in
            if case .report(let report) = message { report.toStep } else { nil }
        }
        #expect(steps.last == 60)
    }

    @Test func `keeps its lease alive while the end of a job finds no room`() async throws {
        let job = try job()
        let beats = Mutex(0)
        let messages = try await run { _ in
            beats.withLock { $0 += 1 }
            return .receipt(Sample.receipt(termSeconds: Self.term))
        } script: { [box] message in
            switch message {
            case .lease: return .job(job)
            case .report: return .receipt(Sample.receipt())
            case .completion:
                guard beats.withLock({ $0 }) >= Self.enough else { return Self.full }
                await box.stop()
                return .nothing
            }
        }
        #expect(outcomes(messages).count > 1)
        #expect(Set(outcomes(messages)).count == 1, "the same end is sent again")
    }

    @Test func `hears while it waits for room that its job is to be cancelled`() async throws {
        let job = try job(granted: 30)
        let isTold = Mutex(false)
        let messages = try await run { _ in
            isTold.withLock { $0 = true }
            return .receipt(Sample.receipt(directives: [.cancel]))
        } script: { [box] message in
            switch message {
            case .lease: return .job(job)
            case .report:
                return isTold.withLock { $0 } ? .receipt(Sample.receipt()) : Self.full
            case .completion:
                await box.stop()
                return .nothing
            }
        }
        #expect(outcomes(messages) == [.released])
    }

    @Test func `drops its job where the lease is lost while it waits for room`() async throws {
        let job = try job()
        let leases = Mutex(0)
        let messages = try await run { _ in
            .refusal(Problem(status: 409, type: Problem.leaseLostType, detail: "Lost."))
        } script: { [box] message in
            switch message {
            case .lease:
                let count = leases.withLock { leases in
                    leases += 1
                    return leases
                }
                guard count > 1 else { return .job(job) }
                await box.stop()
                return .nothing
            case .report: return Self.full
            case .completion: return .nothing
            }
        }
        #expect(outcomes(messages).isEmpty)
        #expect(messages.last?.name == "lease")
    }
}
