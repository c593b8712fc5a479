import Foundation
import Jobs

/// A random sequence of verbs that mostly make sense after those before them.
struct RandomScript {
    private var seconds = 0.0
    private var ids: [JobID] = []
    private var keys: [LeaseKey] = []
    private var sequences: [LeaseKey: Int] = [:]
    private var versions: [JobID: Int] = [:]
    private var saved: [JobOrigin] = []

    /// Learns from what the verb before returned.
    mutating func note(_ outcome: Outcome) {
        switch outcome {
        case .acceptance(.created(let job)): ids.append(job.id)
        case .leased(let leased?):
            keys.append(leased.lease.key)
            versions[leased.job.id] = leased.job.version
        case .receipt(.applied(let leased)):
            sequences[leased.lease.key] = leased.lease.sequence
            versions[leased.job.id] = leased.job.version
        case .committed(let receipt):
            versions[receipt.leased.job.id] = receipt.leased.job.version
            saved.append(JobOrigin(job: receipt.leased.job.id, step: receipt.checkpoint.step))
        case .finished(let receipt):
            if let next = receipt.next { note(.leased(next)) }
        default: break
        }
    }

    mutating func next(using generator: inout some RandomNumberGenerator) -> Verb {
        seconds += Double.random(in: 0..<2, using: &generator)
        let now = instant(seconds)
        let die = Int.random(in: 0..<28, using: &generator)
        guard die < 25 else { return document(now, &generator) }
        guard die > 2, let id = ids.randomElement(using: &generator) else {
            return accept(now, &generator)
        }
        // The newest leases most, so that runs get somewhere; a stale one now and then.
        let recent = die.isMultiple(of: 5) ? keys[...] : keys.suffix(2)
        guard die > 6, let key = recent.randomElement(using: &generator) else {
            return lease(now, &generator)
        }
        switch die {
        case 7...12: return report(key, &generator)
        case 13:
            return Bool.random(using: &generator)
                ? .revive(key, now) : .renew(key, Bool.random(using: &generator) ? 9 : nil)
        case 14: return .commit(checkpoint(key, &generator))
        case 15, 16: return complete(key, now, &generator)
        case 17: return abandon(key, now, &generator)
        case 18:
            return .act(JobAction.allCases.randomElement(using: &generator) ?? .retry, id, now)
        case 19: return .discard(Int.random(in: 0..<100, using: &generator), id)
        case 20: return .attach(artifact(key, now, &generator))
        case 21, 22: return edit(Bool.random(using: &generator) ? key.job : id, now, &generator)
        case 23:
            let age = Double.random(in: 0..<60, using: &generator)
            return .removeJobs(now - age, Int.random(in: 1...3, using: &generator))
        default:
            return Bool.random(using: &generator) ? .delete(id) : .act(.cancel, id, now)
        }
    }

    private func accept(_ now: Date, _ generator: inout some RandomNumberGenerator) -> Verb {
        var job = JobSubmission(
            id: JobID(at: now, random: generator.next()),
            kind: "train",
            specification: [1],
            totalSteps: 100,
            at: now
        )
        job.priority = Int.random(in: -1...1, using: &generator)
        if generator.next() % 4 == 0 {
            job.gpus = GPUWish(
                count: Int.random(in: 1...2, using: &generator),
                memoryBytes: Int.random(in: 0...2, using: &generator)
            )
        }
        job.requiresExact = Bool.random(using: &generator)
        job.maximumAttempts = Int.random(in: 1...3, using: &generator)
        job.labels = Bool.random(using: &generator) ? ["team": "vision"] : ["team": "audio"]
        job.queueLimit = Bool.random(using: &generator) ? 8 : nil
        if generator.next() % 4 == 0 {
            job.origin = saved.randomElement(using: &generator)
            job.feedback = [3]
            job.edits = [4]
        }
        guard Bool.random(using: &generator) else { return .accept(job, nil) }
        let key = Idempotency(
            scope: [1],
            key: "\(Int.random(in: 0..<20, using: &generator))",
            bodyHash: [UInt8.random(in: 0..<2, using: &generator)],
            answer: [2]
        )
        return .accept(job, key)
    }

    private func document(_ now: Date, _ generator: inout some RandomNumberGenerator) -> Verb {
        let name = "document-\(Int.random(in: 0..<3, using: &generator))"
        let content = "\(Int.random(in: 0..<3, using: &generator))"
        var submission = JobsTests.document(name, content, at: seconds)
        switch generator.next() % 4 {
        case 0: submission.condition.matches = .tags([submission.document(version: 2).tag])
        case 1: submission.condition.doesNotMatch = .any
        default: break
        }
        return generator.next() % 8 == 0
            ? .deleteDocument(submission.id, submission.condition) : .put(submission)
    }

    private func lease(_ now: Date, _ generator: inout some RandomNumberGenerator) -> Verb {
        var request = LeaseRequest(
            worker: "w\(Int.random(in: 0..<3, using: &generator))",
            requestID: "\(Int.random(in: 0..<40, using: &generator))",
            kinds: ["train", "other"],
            lease: LeaseID(bits: UInt128(generator.next())),
            at: now
        )
        request.environment = Bool.random(using: &generator) ? "avx2" : "avx512"
        if Bool.random(using: &generator) {
            request.gpus = (0..<3).map { GPU(id: "gpu \($0)", memoryBytes: 1 + $0 / 2) }
        }
        request.server = Bool.random(using: &generator) ? ServerID(bits: 1) : nil
        if Bool.random(using: &generator) {
            request.limits = LabelLimits([
                LabelLimit(key: "team", value: nil, count: 1),
                LabelLimit(key: "team", value: "audio", count: 2),
            ])
        }
        return .lease(request)
    }

    private func report(
        _ key: LeaseKey,
        _ generator: inout some RandomNumberGenerator
    ) -> Verb {
        let sequence = (sequences[key] ?? 0) + [1, 1, 1, 1, 0, 2][Int(generator.next() % 6)]
        let steps = sequence * 10..<sequence * 10 + 10
        var report = JobReport(key: key, sequence: sequence, steps: steps)
        report.chunks = ["loss", "rate"].map {
            SeriesChunk(series: $0, steps: steps, count: 10, payload: [UInt8(key.fence)])
        }
        report.feedback = [UInt8(truncatingIfNeeded: sequence)]
        report.ranSeconds = Bool.random(using: &generator) ? seconds : nil
        report.events = [JobEventDraft(.metrics, [7], at: instant(seconds))]
        return .report(report)
    }

    private func edit(
        _ id: JobID,
        _ now: Date,
        _ generator: inout some RandomNumberGenerator
    ) -> Verb {
        // The version is that of the last word from the job's worker, and right while nobody came between.
        let version = (versions[id] ?? 1) + Int(generator.next() % 2)
        var request = EditRequest(
            of: id,
            to: [UInt8.random(in: 0..<9, using: &generator)],
            expectedVersion: version,
            at: now
        )
        request.events = [JobEventDraft(.schedule, [5], at: now)]
        if Bool.random(using: &generator) {
            request.idempotency = Idempotency(
                scope: [2],
                key: "\(Int.random(in: 0..<9, using: &generator))",
                bodyHash: [UInt8.random(in: 0..<2, using: &generator)],
                answer: [6]
            )
        }
        return .edit(request)
    }

    private func checkpoint(
        _ key: LeaseKey,
        _ generator: inout some RandomNumberGenerator
    ) -> CheckpointCommit {
        JobsTests.checkpoint(
            Int.random(in: 0..<100, using: &generator),
            key,
            feedback: [9],
            keep: Int.random(in: 1...3, using: &generator),
            best: Bool.random(using: &generator) ? 50 : nil
        )
    }

    private func artifact(
        _ key: LeaseKey,
        _ now: Date,
        _ generator: inout some RandomNumberGenerator
    ) -> ArtifactCommit {
        let artifact = Artifact(
            name: Bool.random(using: &generator) ? "model.py" : "model.onnx",
            file: file(Int.random(in: 0..<9, using: &generator)),
            mediaType: "text/plain",
            fence: key.fence,
            committedAt: now
        )
        return ArtifactCommit(key: key, artifact: artifact)
    }

    private func complete(
        _ key: LeaseKey,
        _ now: Date,
        _ generator: inout some RandomNumberGenerator
    ) -> Verb {
        let failure = JobFailure(code: "signal", detail: nil)
        let outcomes: [JobCompletion.Outcome] = [
            .succeeded, .released, .failed(failure, isPermanent: false),
            .failed(failure, isPermanent: true),
        ]
        let outcome = outcomes.randomElement(using: &generator) ?? .released
        var completion = JobCompletion(key: key, outcome: outcome, at: now, jitter: 0.25)
        if Bool.random(using: &generator), case .report(let report) = report(key, &generator) {
            completion.report = report
        }
        if Bool.random(using: &generator) {
            completion.checkpoint = checkpoint(key, &generator)
            completion.checkpoint?.content = [1, 2]
            completion.artifacts = [artifact(key, now, &generator)]
            completion.artifacts[0].content = [3]
        }
        if Bool.random(using: &generator), case .lease(let wish) = lease(now, &generator) {
            completion.next = wish
        }
        return .complete(completion)
    }

    private func abandon(
        _ key: LeaseKey,
        _ now: Date,
        _ generator: inout some RandomNumberGenerator
    ) -> Verb {
        let (selection, cause): (LeaseAbandonment.Selection, LeaseAbandonment.Cause) =
            switch generator.next() % 6 {
            case 0: (.worker("w0"), .workerCrashed)
            case 1: (.startedByServersOther(than: ServerID(bits: 2)), .serverRestarted)
            case 2: (.lease(key), .workerCrashed)
            case 3: (.lease(key), .outOfMemory)
            default: (.lease(key), .leaseExpired)
            }
        return .abandon(LeaseAbandonment(selection, cause: cause, at: now, jitter: 0.75))
    }
}
