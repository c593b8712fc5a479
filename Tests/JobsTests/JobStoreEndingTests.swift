import Foundation
import Jobs
import Testing

@Suite struct JobStoreEndingTests {
    private let failure = JobFailure(code: "out_of_memory", detail: "at step 3")

    @Test(arguments: StoreKind.allCases)
    func `a finished run ends the job with its results`(kind: StoreKind) throws {
        let store = try kind.make()
        try store.add(submission(1))
        let lease = try store.take(request("r", at: 2)).lease
        let job = try store.complete(
            JobCompletion(key: lease.key, outcome: .succeeded, summary: [7], at: instant(3))
        )
        #expect((job.state, job.summary, job.finishedAt) == (.succeeded, [7], instant(3)))
        #expect(try store.job(job.id) == job)
        #expect(try store.liveLeases() == [])
        #expect(
            try store.runs(of: job.id)
                == [Run(lease: lease, endedAt: instant(3), ending: .succeeded)]
        )
    }

    @Test(arguments: StoreKind.allCases)
    func `a wall clock that is set back makes no backoff longer than any is`(
        kind: StoreKind
    ) throws {
        let store = try kind.make()
        try store.add(submission(1))
        // What its author has asked for is waited for, however long that is.
        try store.add(submission(2) { $0.notBefore = instant(9) })
        let key = try store.take(request("r", at: 5)).lease.key
        let outcome = JobCompletion.Outcome.failed(failure, isPermanent: false)
        _ = try store.complete(
            JobCompletion(key: key, outcome: outcome, at: instant(6), jitter: 0.5)
        )
        #expect(try store.lease(request("s", at: 7 - 299)) == nil)
        #expect(try store.take(request("s", at: 7 - 301)).job.id == submission(1).id)
        #expect(try store.lease(request("t", worker: "w2", at: 7 - 3_600)) == nil)
    }

    @Test(arguments: StoreKind.allCases)
    func `the same completion again changes nothing, even after another grant`(
        kind: StoreKind
    ) throws {
        let store = try kind.make()
        try store.add(submission(1))
        let key = try store.take(request("r", at: 2)).lease.key
        let outcome = JobCompletion.Outcome.failed(failure, isPermanent: false)
        let first = try store.complete(JobCompletion(key: key, outcome: outcome, at: instant(3)))
        #expect(
            try store.complete(JobCompletion(key: key, outcome: outcome, at: instant(4))) == first
        )
        let granted = try store.take(request("s", at: 400)).job
        #expect(
            try store.complete(JobCompletion(key: key, outcome: outcome, at: instant(401)))
                == granted
        )
        #expect(
            JobStoreError.Code.leaseLost.isThrown {
                _ = try store.complete(
                    JobCompletion(key: key, outcome: .succeeded, at: instant(402))
                )
            }
        )
        #expect(try store.job(key.job) == granted)
    }

    @Test(arguments: StoreKind.allCases)
    func `an error is tried again after its backoff, until the attempts are used up`(
        kind: StoreKind
    ) throws {
        let store = try kind.make()
        try store.add(submission(1) { $0.maximumAttempts = 2 })
        let outcome = JobCompletion.Outcome.failed(failure, isPermanent: false)
        let key = try store.take(request("r", at: 2)).lease.key
        let first = try store.complete(
            JobCompletion(key: key, outcome: outcome, at: instant(3), jitter: 0.5)
        )
        #expect((first.state, first.attempt, first.notBefore) == (.queued, 1, instant(4)))
        #expect(first.failure == nil)
        #expect(try store.lease(request("s", at: 3.9)) == nil)
        #expect(try store.lease(request("s", at: 4 - 300)) == nil)
        let second = try store.take(request("s", at: 4))
        #expect((second.job.attempt, second.job.notBefore) == (2, nil))
        let last = try store.complete(
            JobCompletion(key: second.lease.key, outcome: outcome, at: instant(5))
        )
        #expect((last.state, last.failure, last.crashes) == (.failed, failure, 0))
        #expect(
            try store.runs(of: last.id).map(\.ending)
                == [
                    .failed(failure, isPermanent: false), .failed(failure, isPermanent: false),
                ]
        )
    }

    @Test(arguments: StoreKind.allCases)
    func `a release puts the job back in its place and costs no attempt`(kind: StoreKind) throws {
        let store = try kind.make()
        try store.add(submission(1) { $0.maximumAttempts = 1 })
        try store.add(submission(2))
        for turn in 0..<5 {
            let leased = try store.take(request("r\(turn)", at: 9))
            #expect((leased.job.createdAt, leased.job.attempt) == (instant(1), 1))
            _ = try store.complete(
                JobCompletion(key: leased.lease.key, outcome: .released, at: instant(9))
            )
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `three lost workers end the job, unless a checkpoint came between`(
        kind: StoreKind
    ) throws {
        let store = try kind.make()
        try store.add(submission(1) { $0.maximumAttempts = 1 })
        func crash(_ seconds: Double, saving step: Int? = nil) throws -> JobRecord {
            let key = try store.take(request("r\(seconds)", at: seconds)).lease.key
            if let step {
                _ = try store.commit(checkpoint(step, key))
            }
            let abandonment = LeaseAbandonment(
                .lease(key),
                cause: .workerCrashed,
                at: instant(seconds)
            )
            return try store.abandon(abandonment)[0]
        }
        #expect(try crash(1_000).crashes == 1)
        #expect(try crash(1_000).crashes == 2)
        let saved = try crash(2_000, saving: 10)
        #expect((saved.crashes, saved.state, saved.notBefore) == (1, .queued, nil))
        #expect(try crash(3_000).crashes == 2)
        let last = try crash(4_000)
        #expect((last.state, last.failure?.code, last.attempt) == (.failed, "worker_crashed", 0))
    }

    @Test(arguments: StoreKind.allCases)
    func `leases end by lease, by worker, or by the server that died`(kind: StoreKind) throws {
        let store = try kind.make()
        for number in 1...5 {
            try store.add(submission(number))
        }
        let (old, new) = (ServerID(bits: 1), ServerID(bits: 2))
        let child = try store.take(request("a", worker: "child", at: 9) { $0.server = old })
        let other = try store.take(request("b", worker: "other", at: 9) { $0.server = new })
        let remote = try store.take(request("c", worker: "remote", at: 9))
        let twice = try store.take(request("d", worker: "remote", at: 9))
        let single = try store.take(request("e", worker: "single", at: 9))

        func abandon(
            _ selection: LeaseAbandonment.Selection,
            _ cause: LeaseAbandonment.Cause
        ) throws -> [JobRecord] {
            try store.abandon(LeaseAbandonment(selection, cause: cause, at: instant(10)))
        }
        let restarted = try abandon(.startedByServersOther(than: new), .serverRestarted)
        #expect(restarted.map(\.id) == [child.job.id])
        #expect((restarted[0].attempt, restarted[0].crashes) == (0, 0))
        #expect(
            try abandon(.worker("remote"), .workerCrashed).map(\.id)
                == [remote.job.id, twice.job.id]
        )
        #expect(
            try abandon(.lease(single.lease.key), .leaseExpired).map(\.id) == [single.job.id]
        )
        #expect(try abandon(.lease(single.lease.key), .leaseExpired) == [])
        #expect(try store.liveLeases() == [other.lease])
        #expect(try store.runs(of: single.job.id).map(\.ending) == [.leaseExpired])
    }

    @Test(arguments: StoreKind.allCases)
    func `a lost worker of a job that is to stop leaves it stopped`(kind: StoreKind) throws {
        for (action, state) in [(JobAction.cancel, JobState.cancelled), (.pause, .paused)] {
            let store = try kind.make()
            let id = try store.add(submission(1)).id
            _ = try store.take(request("r", at: 2))
            _ = try store.act(action, on: id, at: instant(3))
            let jobs = try store.abandon(
                LeaseAbandonment(.worker("w1"), cause: .leaseExpired, at: instant(4))
            )
            #expect(jobs.map(\.state) == [state])
            #expect(try store.job(id).finishedAt == (state.isTerminal ? instant(4) : nil))
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `a stale fence or lease id changes nothing`(kind: StoreKind) throws {
        let store = try kind.make()
        let id = try store.add(submission(1)).id
        let old = try store.take(request("r", at: 2)).lease.key
        _ = try store.abandon(LeaseAbandonment(.lease(old), cause: .leaseExpired, at: instant(3)))
        let new = try store.take(request("s", worker: "w2", at: 4)).lease.key
        let stale = [
            old, LeaseKey(job: id, fence: new.fence, lease: old.lease),
            LeaseKey(job: id, fence: old.fence, lease: new.lease),
            LeaseKey(job: id, fence: new.fence + 1, lease: new.lease),
        ]
        let before = try History(of: id, in: store)
        for key in stale {
            try expectRefused(key, by: store)
        }
        #expect(try History(of: id, in: store) == before)
        _ = try store.complete(JobCompletion(key: new, outcome: .succeeded, at: instant(5)))
        let ended = try History(of: id, in: store)
        try expectRefused(new, by: store)
        #expect(try History(of: id, in: store) == ended)
    }

    private func expectRefused(_ key: LeaseKey, by store: any JobStore) throws {
        let code = JobStoreError.Code.leaseLost
        var report = JobReport(key: key, sequence: 1, steps: 0..<10)
        report.chunks = [SeriesChunk(series: "loss", steps: 0..<10, count: 10, payload: [1])]
        let outcome = JobCompletion.Outcome.failed(failure, isPermanent: true)
        let completion = JobCompletion(key: key, outcome: outcome, at: instant(6))
        #expect(code.isThrown { _ = try store.renew(key) })
        #expect(code.isThrown { _ = try store.renew(key, grantedThrough: 9) })
        #expect(code.isThrown { _ = try store.report(report) })
        #expect(
            code.isThrown {
                _ = try store.commit(checkpoint(5, key))
            }
        )
        #expect(code.isThrown { _ = try store.attach(artifact("model.py", 5, key)) })
        #expect(code.isThrown { _ = try store.complete(completion) })
    }
}

/// All that a store says of one job.
struct History: Equatable {
    let job: JobRecord
    let runs: [Run]
    let checkpoints: [Checkpoint]
    let artifacts: [Artifact]
    let series: [SeriesSegment]
    let events: JobEventPage

    init(of id: JobID, in store: any JobStore) throws {
        job = try store.job(id)
        runs = try store.runs(of: id)
        checkpoints = try store.checkpoints(of: id)
        artifacts = try store.artifacts(of: id)
        series = try store.series(of: id, names: nil, in: 0..<Int.max)
        events = try store.events(of: id, after: 0, kinds: nil, limit: 100_000)
    }
}
