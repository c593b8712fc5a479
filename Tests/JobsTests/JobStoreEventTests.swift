import Foundation
import GRDB
import Jobs
@testable import JobsSQLite
import Testing

@Suite struct JobStoreEventTests {
    private func log(_ id: JobID, in store: any JobStore) throws -> [JobEventRecord] {
        let page = try store.events(of: id, after: 0, kinds: nil, limit: 100_000)
        #expect(!page.hasMore)
        #expect(page.last == (try store.job(id)).lastEvent)
        return page.events
    }

    private func draft(_ kind: JobEventKind, _ text: String = "") -> JobEventDraft {
        JobEventDraft(kind, Array(text.utf8), at: instant(0.5))
    }

    private func story(_ events: [JobEventRecord]) -> [String] {
        events.map { event in
            guard let change = event.stateChange else {
                return "\(event.kind.rawValue) \(String(decoding: event.payload, as: UTF8.self))"
            }
            return "\(change.state.rawValue) by \(change.cause.rawValue)"
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `every verb tells what it did, in order and without gaps`(kind: StoreKind) throws {
        let store = try kind.make()
        var submitted = submission(1) { $0.maximumAttempts = 2 }
        submitted.events = [draft(.diagnosis, "large")]
        let id = try store.add(submitted).id
        let first = try store.take(request("1", at: 2)).lease.key
        var report = JobReport(key: first, sequence: 1, steps: 0..<10)
        report.events = [draft(.log, "line"), draft(.metrics, "10")]
        _ = try store.report(report)
        _ = try store.report(report)
        var commit = checkpoint(10, first)
        commit.events = [draft(.checkpoint, "10")]
        _ = try store.commit(commit)
        _ = try store.renew(first)
        var abandonment = LeaseAbandonment(.lease(first), cause: .workerCrashed, at: instant(3))
        abandonment.detail = "the worker was ended by signal 9"
        abandonment.events = [draft(.log, "last words")]
        _ = try store.abandon(abandonment)
        _ = try store.act(.pause, on: id, at: instant(4))
        _ = try store.act(.pause, on: id, at: instant(5))
        _ = try store.act(.resume, on: id, at: instant(6))
        let second = try store.take(request("2", at: 7)).lease.key
        _ = try store.take(request("2", at: 7))
        let failure = JobFailure(code: "diverged", detail: nil)
        var failed = JobCompletion(
            key: second,
            outcome: .failed(failure, isPermanent: true),
            at: instant(8)
        )
        failed.events = [draft(.metrics, "20")]
        _ = try store.complete(failed)
        _ = try store.complete(failed)
        _ = try store.act(.retry, on: id, at: instant(9))
        _ = try store.act(.cancel, on: id, at: instant(10))
        #expect(JobStoreError.Code.leaseLost.isThrown { _ = try store.report(report) })

        let events = try log(id, in: store)
        #expect(
            story(events) == [
                "queued by accepted", "diagnosis large", "running by granted", "log line",
                "metrics 10", "checkpoint 10", "log last words", "queued by worker_crashed",
                "paused by pause", "queued by resume", "running by granted", "metrics 20",
                "failed by failed", "queued by retry", "cancelled by cancel",
            ]
        )
        #expect(events.map(\.id) == Array(1...15))
        let crash = try #require(events[7].stateChange)
        #expect(crash.detail == "the worker was ended by signal 9")
        #expect((crash.crashes, crash.fence, crash.step) == (1, 1, 10))
        #expect(events[7].instant == instant(3))
        #expect(events[12].stateChange?.failure == failure)
    }

    @Test(arguments: StoreKind.allCases)
    func `a page begins after a number, holds what was asked for and says if more is there`(
        kind: StoreKind
    ) throws {
        let store = try kind.make()
        var submitted = submission(1)
        submitted.events = [draft(.log, "a"), draft(.metrics, "b"), draft(.log, "c")]
        let id = try store.add(submitted).id
        let page = try store.events(of: id, after: 1, kinds: nil, limit: 2)
        #expect((page.events.map(\.id), page.hasMore) == ([2, 3], true))
        #expect((page.last, page.state) == (4, .queued))
        let lines = try store.events(of: id, after: 0, kinds: [.log, .state], limit: 9)
        #expect((lines.events.map(\.id), lines.hasMore) == ([1, 2, 4], false))
        let none = try store.events(of: id, after: 4, kinds: nil, limit: 9)
        #expect((none.events, none.hasMore, none.last) == ([], false, 4))
        let missing = submission(2).id
        #expect(
            JobStoreError.Code.notFound.isThrown {
                _ = try store.events(of: missing, after: 0, kinds: nil, limit: 1)
            }
        )
    }

    @Test(arguments: StoreKind.allCases)
    func `a deleted job leaves no event behind`(kind: StoreKind) throws {
        let store = try kind.make()
        let id = try store.add(submission(1)).id
        _ = try store.act(.cancel, on: id, at: instant(2))
        try store.delete(id)
        #expect(
            JobStoreError.Code.notFound.isThrown {
                _ = try store.events(of: id, after: 0, kinds: nil, limit: 1)
            }
        )
        if let sqlite = store as? SQLiteJobStore {
            let rows = try sqlite.pool.read {
                try $0.values("SELECT count(*) FROM job_events", []) { $0[0] as Int }
            }
            #expect(rows == [0])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `old measurements leave the log, changes of state stay`(kind: StoreKind) throws {
        let store = try kind.make()
        let id = try store.add(submission(1)).id
        let key = try store.take(request("1", at: 2)).lease.key
        for sequence in 1...30 {
            var report = JobReport(key: key, sequence: sequence, steps: 0..<sequence)
            report.events = (1...100).map { draft(.metrics, "\(sequence)-\($0)") }
            _ = try store.report(report)
        }
        let events = try log(id, in: store)
        #expect(events.prefix(2).map(\.kind) == [.state, .state])
        let reach = try #require(JobEventKind.metrics.reach)
        let kept = events.dropFirst(2).map(\.id)
        #expect(kept.last == 3_002)
        #expect(kept.count >= reach && kept.count < reach + 512)
        #expect(kept == Array(3_003 - kept.count...3_002))
    }
}
