import Foundation
import Jobs
import Testing

@Suite struct JobStoreAcceptanceTests {
    private func key(_ key: String = "k", scope: UInt8 = 1, body: UInt8 = 1) -> Idempotency {
        Idempotency(scope: [scope], key: key, bodyHash: [body], answer: Array("first".utf8))
    }

    @Test(arguments: StoreKind.allCases)
    func `an accepted job reads back whole`(kind: StoreKind) throws {
        let store = try kind.make()
        let wanted = submission(1) {
            $0.name = "fashion-cosine"
            $0.labels = ["team": "vision", "näme": "a \"quoted\" 'value'"]
            $0.notes = "two\nlines"
            $0.priority = -3
            $0.maximumAttempts = 7
            $0.notBefore = instant(99.123_456_7)
        }
        let created = try store.add(wanted)
        let job = try store.job(wanted.id)
        #expect(job == created)
        #expect(job.state == .queued)
        #expect(job.labels == wanted.labels)
        #expect(job.specification == wanted.specification)
        #expect(job.notBefore == instant(99.123_457))
        #expect((job.attempt, job.crashes, job.fence, job.version) == (0, 0, 0, 1))
        #expect((job.name, job.notes, job.priority) == ("fashion-cosine", "two\nlines", -3))
        #expect((job.maximumAttempts, job.totalSteps, job.step) == (7, 1_000, 0))
        #expect(job.createdAt == instant(1))
    }

    @Test(arguments: StoreKind.allCases)
    func `an unknown job is not found`(kind: StoreKind) throws {
        let store = try kind.make()
        let id = JobID(at: instant(0), random: 1)
        let code = JobStoreError.Code.notFound
        #expect(code.isThrown { _ = try store.job(id) })
        #expect(code.isThrown { _ = try store.act(.cancel, on: id, at: instant(1)) })
        #expect(code.isThrown { try store.delete(id) })
        #expect(code.isThrown { _ = try store.runs(of: id) })
        #expect(code.isThrown { _ = try store.checkpoints(of: id) })
        #expect(code.isThrown { _ = try store.series(of: id, names: nil, in: 0..<1) })
        #expect(code.isThrown { _ = try store.seriesNames(of: id) })
        #expect(code.isThrown { _ = try store.pointCount(of: id, names: [], in: 0..<1) })
    }

    @Test(arguments: StoreKind.allCases)
    func `the same key with the same body replays the first answer and stores nothing`(
        kind: StoreKind
    ) throws {
        let store = try kind.make()
        let first = try store.accept(submission(1), idempotency: key())
        let second = try store.accept(submission(2), idempotency: key())
        #expect(first == .created(try store.job(submission(1).id)))
        #expect(second == .replayed(answer: Array("first".utf8)))
        #expect(try store.counts()[.queued] == 1)
    }

    @Test(arguments: StoreKind.allCases)
    func `the same key with another body is refused and stores nothing`(kind: StoreKind) throws {
        let store = try kind.make()
        _ = try store.accept(submission(1), idempotency: key())
        #expect(try store.accept(submission(2), idempotency: key(body: 2)) == .keyReused)
        #expect(try store.counts()[.queued] == 1)
    }

    @Test(arguments: StoreKind.allCases)
    func `a key means nothing in another scope`(kind: StoreKind) throws {
        let store = try kind.make()
        _ = try store.accept(submission(1), idempotency: key())
        _ = try store.accept(submission(2), idempotency: key(scope: 2))
        _ = try store.accept(submission(3), idempotency: key("other"))
        #expect(try store.counts()[.queued] == 3)
    }

    @Test(arguments: StoreKind.allCases)
    func `keys older than an instant are forgotten, younger ones are not`(kind: StoreKind) throws {
        let store = try kind.make()
        _ = try store.accept(submission(1), idempotency: key("old"))
        _ = try store.accept(submission(2), idempotency: key("young"))
        #expect(try store.forgetIdempotencyKeys(before: instant(2)) == 1)
        _ = try store.accept(submission(3), idempotency: key("old"))
        _ = try store.accept(submission(4), idempotency: key("young"))
        #expect(try store.counts()[.queued] == 3)
    }

    @Test(arguments: StoreKind.allCases)
    func `an ended job is removed with its history, and its key still replays`(
        kind: StoreKind
    ) throws {
        let store = try kind.make()
        _ = try store.accept(submission(1), idempotency: key())
        let id = submission(1).id
        let conflict = JobStoreError.Code.conflict(allowed: [.cancel, .pause])
        #expect(conflict.isThrown { try store.delete(id) })
        _ = try store.act(.cancel, on: id, at: instant(2))
        try store.delete(id)
        #expect(JobStoreError.Code.notFound.isThrown { _ = try store.job(id) })
        #expect(
            try store.accept(submission(2), idempotency: key())
                == .replayed(answer: Array("first".utf8))
        )
    }

    @Test(arguments: StoreKind.allCases)
    func `a closed store refuses every verb`(kind: StoreKind) throws {
        let store = try kind.make()
        try store.probe()
        store.close()
        let code = JobStoreError.Code.unavailable
        #expect(code.isThrown { try store.probe() })
        #expect(code.isThrown { _ = try store.jobs(JobQuery()) })
        #expect(code.isThrown { _ = try store.accept(submission(1)) })
    }
}
