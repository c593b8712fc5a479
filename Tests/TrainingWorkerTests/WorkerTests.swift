import Foundation
import Synchronization
import Testing
import TrainingAPI

@testable import TrainingWorker

@Suite(.timeLimit(.minutes(5))) struct WorkerTests {
    private let box = WorkerBox()

    /// Has a worker run against a script, until something stops it.
    private func run(
        change: (inout WorkerConfiguration) -> Void = { _ in },
        script:
            @escaping @Sendable (ScriptedServer.Message, _ number: Int) async ->
            ScriptedServer.Reply
    ) async throws -> [ScriptedServer.Message] {
        let server = ScriptedServer(script)
        let worker = try Sample.worker(server, change: change)
        box.set(worker)
        await worker.work()
        return server.asked
    }

    private func reports(_ messages: [ScriptedServer.Message]) -> [WorkerReport] {
        messages.compactMap { message in
            if case .report(let report) = message { report } else { nil }
        }
    }

    private func completion(
        _ messages: [ScriptedServer.Message]
    ) throws -> WorkerCompletion {
        let completions = messages.compactMap { message in
            if case .completion(let completion) = message { completion } else { nil }
        }
        return try #require(completions.first)
    }

    @Test func `trains a job to its end and reports every step once, in order`() async throws {
        let job = try Sample.job()
        let messages = try await run { [box] message, _ in
            switch message {
            case .lease: return .job(job)
            case .report: return .receipt(Sample.receipt())
            case .completion:
                await box.stop()
                return .nothing
            }
        }
        let reports = reports(messages)
        #expect(reports.map(\.sequence) == Array(1...reports.count))
        #expect(reports.first?.fromStep == 0)
        #expect(reports.last?.toStep == 60)
        #expect(zip(reports, reports.dropFirst()).allSatisfy { $0.toStep == $1.fromStep })
        let points = reports.flatMap(\.series).filter { $0.name == "validation_loss" }
        #expect(points.flatMap { $0.steps ?? [] } == [30, 60])
        let rates = reports.flatMap(\.series).filter { $0.name == "learning_rate" }
        #expect(rates.flatMap(\.values) == Array(repeating: 0.1, count: 60))
        guard case .succeeded(let summary) = try completion(messages).outcome else {
            Issue.record("the job did not succeed")
            return
        }
        #expect(summary.testLoss != nil)
        #expect(summary.trainLoss != nil)
        let losses = reports.flatMap(\.series).filter { $0.name == "epoch_train_loss" }
        #expect(losses.flatMap(\.values).last == summary.trainLoss)
    }

    @Test func `brings all that is left with the end where the server takes it`() async throws {
        var job = try Sample.job()
        job.contentLimit = WorkerCompletion.contentLimit
        let messages = try await run(change: { $0.reportInterval = .seconds(600) }) {
            [box, job] message, _ in
            switch message {
            case .lease: return .job(job)
            case .report: return .receipt(Sample.receipt())
            case .completion:
                await box.stop()
                return .nothing
            }
        }
        let end = try completion(messages)
        let reports = reports(messages) + [try #require(end.report)]
        #expect(reports.map(\.sequence) == Array(1...reports.count))
        #expect(zip(reports, reports.dropFirst()).allSatisfy { $0.toStep == $1.fromStep })
        #expect(reports.last?.toStep == 60)
        #expect(end.checkpoint?.step == 60)
        #expect(end.artifacts.map(\.name).contains("model.safetensors"))
        #expect(end.artifacts.allSatisfy { !$0.content.isEmpty })
        let document = try JSONReader.read(end.json()).document
        var context = DecodingContext(refusesUnknown: false)
        #expect(WorkerCompletion(document, at: .root, &context) == end)
    }

    @Test func `ends early, with its best weights, where nothing improves`() async throws {
        let job = try Sample.job(
            steps: 3_000,
            fields: #""early_stopping": {"patience": 2, "min_delta": 0.5},"#
        )
        let messages = try await run { [box] message, _ in
            switch message {
            case .lease: return .job(job)
            case .report: return .receipt(Sample.receipt())
            case .completion:
                await box.stop()
                return .nothing
            }
        }
        // The first validation is the best: a softmax regression of spirals improves by less than 0.5.
        #expect(reports(messages).last?.toStep == 90)
        guard case .succeeded(let summary) = try completion(messages).outcome else {
            Issue.record("the job did not succeed")
            return
        }
        #expect(summary.earlyStop?.step == 90)
        #expect(summary.earlyStop?.restoredBest == true)
        #expect(summary.validationLoss == summary.best?.validationLoss)
        #expect(summary.testLoss == summary.best?.testLoss)
    }

    @Test func `goes no further than rates are granted`() async throws {
        let job = try Sample.job(granted: 30)
        let messages = try await run { [box] message, _ in
            switch message {
            case .lease: return .job(job)
            case .report(let report):
                guard report.toStep == 30,
                    report.series.contains(where: { $0.name == "validation_loss" })
                else { return .receipt(Sample.receipt()) }
                return .receipt(Sample.receipt(Sample.grant(30..<60)))
            case .completion:
                await box.stop()
                return .nothing
            }
        }
        #expect(reports(messages).contains { $0.toStep == 30 })
        #expect(reports(messages).last?.toStep == 60)
    }

    @Test func `gives the job back when it is told to cancel`() async throws {
        let job = try Sample.job(granted: 10)
        let messages = try await run { [box] message, _ in
            switch message {
            case .lease: return .job(job)
            case .report: return .receipt(Sample.receipt(directives: [.cancel]))
            case .completion:
                await box.stop()
                return .nothing
            }
        }
        #expect(try completion(messages).outcome == .released)
    }

    @Test func `sends a report again until it is answered`() async throws {
        let job = try Sample.job()
        let tries = Mutex(0)
        let messages = try await run { [box] message, _ in
            switch message {
            case .lease: return .job(job)
            case .report(let report):
                guard report.sequence == 1 else { return .receipt(Sample.receipt()) }
                return tries.withLock { tries in
                    tries += 1
                    return tries < 3 ? .silence : .receipt(Sample.receipt())
                }
            case .completion:
                await box.stop()
                return .nothing
            }
        }
        let first = reports(messages).filter { $0.sequence == 1 }
        #expect(first.count == 3)
        #expect(Set(first).count == 1)
    }

    @Test func `drops a job whose lease is lost, and asks for another`() async throws {
        let job = try Sample.job(granted: 10)
        let leases = Mutex(0)
        let messages = try await run { [box] message, _ in
            switch message {
            case .lease:
                guard
                    leases.withLock({
                        $0 += 1; return $0
                    }) > 1
                else { return .job(job) }
                await box.stop()
                return .nothing
            case .report:
                return .refusal(Problem(status: 409, type: Problem.leaseLostType, detail: "Lost."))
            case .completion: return .nothing
            }
        }
        #expect(!messages.map(\.name).contains("completion"))
        #expect(messages.last?.name == "lease")
    }

    @Test func `repeats a request for a job until it is answered, by the same id`() async throws {
        let messages = try await run { [box] _, number in
            guard number == 3 else { return number > 3 ? .nothing : .silence }
            await box.stop()
            return .nothing
        }
        let ids = messages.prefix(3).compactMap { message in
            if case .lease(let request) = message { request.requestID } else { nil }
        }
        #expect(ids.count == 3)
        #expect(Set(ids).count == 1)
    }

    @Test func `asks by another id after an answer`() async throws {
        let messages = try await run { [box] _, number in
            if number == 2 { await box.stop() }
            return .nothing
        }
        let ids = messages.prefix(2).compactMap { message in
            if case .lease(let request) = message { request.requestID } else { nil }
        }
        #expect(Set(ids).count == 2)
    }

    @Test func `gives back what its last request was granted when it is stopped`() async throws {
        let job = try Sample.job()
        let messages = try await run { [box] message, number in
            switch message {
            case .lease:
                guard number == 1 else { return .job(job) }
                await box.stop()
                return .hold
            case .report, .completion: return .nothing
            }
        }
        try #require(messages.map(\.name) == ["lease", "lease", "completion"])
        guard case .lease(let first) = messages[0], case .lease(let second) = messages[1] else {
            return
        }
        #expect(first.requestID == second.requestID)
        #expect(second.waitSeconds == 0)
        #expect(try completion(messages).outcome == .released)
    }

    @Test func `takes the next job from the answer to a completion`() async throws {
        let job = try Sample.job()
        let completions = Mutex(0)
        let messages = try await run { [box] message, _ in
            switch message {
            case .lease: return .job(job)
            case .report: return .receipt(Sample.receipt())
            case .completion:
                guard
                    completions.withLock({
                        $0 += 1; return $0
                    }) > 1
                else { return .job(job) }
                await box.stop()
                return .nothing
            }
        }
        #expect(messages.filter { $0.name == "lease" }.count == 1)
        #expect(messages.filter { $0.name == "completion" }.count == 2)
        #expect(try completion(messages).next?.waitSeconds == 0)
    }

    @Test func `says why a job cannot be trained, in one line of the protocol`() async throws {
        let job = try Sample.job(fields: #""batch_size": -1, "name": "x", "#)
        let messages = try await run { [box] message, _ in
            switch message {
            case .lease: return .job(job)
            case .report: return .receipt(Sample.receipt())
            case .completion:
                await box.stop()
                return .nothing
            }
        }
        guard case .failed(let code, let detail, let isPermanent) = try completion(messages).outcome
        else {
            Issue.record("the job did not fail")
            return
        }
        #expect(code == "invalid")
        #expect(detail.contains("batch_size"))
        #expect(isPermanent)
    }
}
