import Foundation
import Jobs
import Testing

/// A lease that ended in silence is not lost while nobody else was granted it.
@Suite struct JobStoreRevivalTests {
    private func expired(_ store: some JobStore) throws -> LeasedJob {
        try store.add(submission(1))
        let leased = try store.take(request("r", at: 2))
        _ = try store.report(JobReport(key: leased.lease.key, sequence: 1, steps: 0..<10))
        let ended = try store.abandon(
            LeaseAbandonment(.lease(leased.lease.key), cause: .leaseExpired, at: instant(40))
        )
        #expect(ended.map(\.state) == [.queued])
        return leased
    }

    @Test(arguments: StoreKind.allCases)
    func `it lives again, and the silence counts for nothing`(kind: StoreKind) throws {
        let store = try kind.make()
        let key = try expired(store).lease.key
        #expect(throws: JobStoreError.self) { try store.renew(key) }
        let revived = try store.revive(key, at: instant(50))
        #expect(revived.job.state == .running)
        #expect((revived.job.attempt, revived.job.crashes, revived.job.fence) == (1, 0, 1))
        #expect((revived.job.step, revived.lease.sequence) == (10, 1))
        #expect(try store.liveLeases() == [revived.lease])
        #expect(try store.runs(of: key.job) == [Run(lease: revived.lease)])
        _ = try store.report(JobReport(key: key, sequence: 2, steps: 10..<20))
        let log = try store.events(of: key.job, after: 0, kinds: [.state], limit: 9)
        #expect(
            log.events.compactMap { $0.stateChange?.cause }
                == [.accepted, .granted, .leaseExpired, .renewed]
        )
        let end = JobCompletion(key: key, outcome: .succeeded, at: instant(60))
        #expect(try store.complete(end).state == .succeeded)
    }

    @Test(arguments: StoreKind.allCases)
    func `it is lost once the job was granted to another, and stays so`(kind: StoreKind) throws {
        let store = try kind.make()
        let key = try expired(store).lease.key
        let other = try store.take(request("s", worker: "w2", at: 41))
        #expect(throws: JobStoreError.self) { try store.revive(key, at: instant(42)) }
        _ = try store.abandon(
            LeaseAbandonment(.lease(other.lease.key), cause: .leaseExpired, at: instant(80))
        )
        #expect(throws: JobStoreError.self) { try store.revive(key, at: instant(81)) }
        #expect(try store.revive(other.lease.key, at: instant(82)).job.fence == 2)
    }

    @Test(arguments: StoreKind.allCases, [JobAction.pause, .cancel])
    func `it is lost once a person has taken the job out of the queue`(
        kind: StoreKind,
        action: JobAction
    ) throws {
        let store = try kind.make()
        let key = try expired(store).lease.key
        let before = try store.act(action, on: key.job, at: instant(41))
        #expect(throws: JobStoreError.self) { try store.revive(key, at: instant(42)) }
        #expect(try store.job(key.job) == before)
    }

    @Test(
        arguments: StoreKind.allCases,
        [
            LeaseAbandonment.Cause.workerCrashed, .outOfMemory, .serverRestarted, .stopped,
        ]
    )
    func `a worker that has ended does not come back`(
        kind: StoreKind,
        cause: LeaseAbandonment.Cause
    ) throws {
        let store = try kind.make()
        try store.add(submission(1))
        let key = try store.take(request("r", at: 2)).lease.key
        _ = try store.abandon(LeaseAbandonment(.lease(key), cause: cause, at: instant(3)))
        #expect(throws: JobStoreError.self) { try store.revive(key, at: instant(4)) }
    }

    @Test(arguments: StoreKind.allCases)
    func `a job that was given up stays so`(kind: StoreKind) throws {
        let store = try kind.make()
        try store.add(submission(1))
        var key: LeaseKey?
        for number in 1...3 {
            let leased = try store.take(request("r\(number)", at: Double(number) * 1_000))
            key = leased.lease.key
            _ = try store.abandon(
                LeaseAbandonment(
                    .lease(leased.lease.key),
                    cause: .leaseExpired,
                    at: instant(Double(number) * 1_000 + 1)
                )
            )
        }
        let last = try #require(key)
        #expect(try store.job(last.job).failure?.code == "worker_lost")
        #expect(throws: JobStoreError.self) { try store.revive(last, at: instant(4_000)) }
    }
}
