import Foundation
import Jobs
import Testing

@Suite struct JobStoreReportTests {
    private func report(
        _ key: LeaseKey,
        _ sequence: Int,
        _ steps: Range<Int>,
        series: [String] = ["loss"]
    ) -> JobReport {
        var report = JobReport(key: key, sequence: sequence, steps: steps)
        report.chunks = series.map {
            SeriesChunk(
                series: $0,
                steps: steps,
                count: steps.count,
                payload: Array("\($0) \(key.fence) \(steps)".utf8)
            )
        }
        return report
    }

    private func text(_ segments: [SeriesSegment]) -> [String] {
        segments.map { String(decoding: $0.chunk.payload, as: UTF8.self) + " shows \($0.steps)" }
    }

    @Test(arguments: StoreKind.allCases)
    func `a report changes the job and the lease at once`(kind: StoreKind) throws {
        let store = try kind.make()
        let id = try store.add(submission(1)).id
        let key = try store.take(request("r", at: 2)).lease.key
        var first = report(key, 1, 0..<100)
        first.progress = [1]
        first.summary = [2]
        first.feedback = [3]
        first.grantedThrough = 300
        guard case .applied(let leased) = try store.report(first) else { throw UnexpectedAnswer() }
        #expect(leased.job == (try store.job(id)))
        #expect((leased.job.step, leased.job.version) == (100, 3))
        #expect(leased.job.progress == [1])
        #expect(leased.job.summary == [2])
        #expect(leased.job.feedback == [3])
        #expect((leased.lease.sequence, leased.lease.grantedThrough) == (1, 300))
        #expect(try store.liveLeases() == [leased.lease])

        _ = try store.report(report(key, 2, 100..<110))
        let job = try store.job(id)
        #expect((job.step, job.progress, job.summary, job.feedback) == (110, [1], [2], [3]))
    }

    @Test(arguments: StoreKind.allCases)
    func `a repeated report is stored once`(kind: StoreKind) throws {
        let store = try kind.make()
        let id = try store.add(submission(1)).id
        let key = try store.take(request("r", at: 2)).lease.key
        _ = try store.report(report(key, 1, 0..<10))
        let job = try store.job(id)
        guard case .duplicate(let leased) = try store.report(report(key, 1, 0..<10)) else {
            throw UnexpectedAnswer()
        }
        #expect(leased.job == job)
        #expect(try store.job(id) == job)
        #expect(try store.series(of: id, names: nil, in: 0..<10).count == 1)
    }

    @Test(arguments: StoreKind.allCases)
    func `a report that leaves one out is refused`(kind: StoreKind) throws {
        let store = try kind.make()
        let id = try store.add(submission(1)).id
        let key = try store.take(request("r", at: 2)).lease.key
        let code = JobStoreError.Code.outOfOrder
        #expect(code.isThrown { _ = try store.report(report(key, 2, 10..<20)) })
        #expect(try store.seriesNames(of: id) == [])
        _ = try store.report(report(key, 1, 0..<10))
        _ = try store.report(report(key, 2, 10..<20))
        #expect(try store.job(id).step == 20)
    }

    @Test(arguments: StoreKind.allCases)
    func `a worker that is asked to stop may still report and save`(kind: StoreKind) throws {
        for action in [JobAction.cancel, .pause] {
            let store = try kind.make()
            let id = try store.add(submission(1)).id
            let key = try store.take(request("r", at: 2)).lease.key
            _ = try store.act(action, on: id, at: instant(3))
            _ = try store.report(report(key, 1, 0..<10))
            _ = try store.commit(checkpoint(10, key))
            #expect(try store.checkpoints(of: id).map(\.step) == [10])
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `the curve leaves out what a lost run did beyond the checkpoint`(kind: StoreKind) throws {
        let store = try kind.make()
        let id = try store.add(submission(1)).id
        let first = try store.take(request("r", at: 2)).lease.key
        _ = try store.report(report(first, 1, 0..<40))
        _ = try store.report(report(first, 2, 40..<80, series: ["loss", "late"]))
        _ = try store.commit(checkpoint(50, first))
        _ = try store.report(report(first, 3, 80..<120, series: ["loss", "lost"]))
        #expect(try store.seriesNames(of: id) == ["late", "loss", "lost"])
        _ = try store.abandon(
            LeaseAbandonment(.lease(first), cause: .workerCrashed, at: instant(3))
        )
        let second = try store.take(request("s", at: 4)).lease
        #expect(second.resumeStep == 50)
        #expect(try store.seriesNames(of: id) == ["late", "loss"])
        _ = try store.report(report(second.key, 1, 50..<90))

        let all = try store.series(of: id, names: nil, in: 0..<Int.max)
        #expect(
            text(all) == [
                "late 1 40..<80 shows 40..<50", "loss 1 0..<40 shows 0..<40",
                "loss 1 40..<80 shows 40..<50", "loss 2 50..<90 shows 50..<90",
            ]
        )
        let some = try store.series(of: id, names: ["loss", "no such"], in: 45..<60)
        #expect(
            text(some) == [
                "loss 1 40..<80 shows 45..<50", "loss 2 50..<90 shows 50..<60",
            ]
        )
        #expect(try store.series(of: id, names: [], in: 0..<100).isEmpty)
    }

    @Test(arguments: StoreKind.allCases)
    func `the points of a range are counted by the chunks that reach into it`(
        kind: StoreKind
    ) throws {
        let store = try kind.make()
        let id = try store.add(submission(1)).id
        let first = try store.take(request("r", at: 2)).lease.key
        _ = try store.report(report(first, 1, 0..<40))
        _ = try store.report(report(first, 2, 40..<80, series: ["loss", "late"]))
        _ = try store.commit(checkpoint(50, first))
        _ = try store.abandon(
            LeaseAbandonment(.lease(first), cause: .workerCrashed, at: instant(3))
        )
        let second = try store.take(request("s", at: 4)).lease.key
        _ = try store.report(report(second, 1, 50..<90))
        let counts = try [0..<40, 39..<40, 40..<41, 49..<51, 50..<51, 90..<99, 7..<7, 0..<Int.max]
            .map { try store.pointCount(of: id, names: ["loss"], in: $0) }
        let count = try store.series(of: id, names: ["loss"], in: 0..<1)[0].chunk.count
        #expect(counts == [1, 1, 1, 2, 1, 0, 0, 3].map { $0 * count })
        #expect(try store.pointCount(of: id, names: ["loss", "late"], in: 45..<46) == 2 * count)
        #expect(try store.pointCount(of: id, names: ["no such"], in: 0..<99) == 0)
    }

    @Test(arguments: StoreKind.allCases)
    func `a resume goes back to the newest checkpoint and its feedback`(kind: StoreKind) throws {
        let store = try kind.make()
        let id = try store.add(submission(1)).id
        let key = try store.take(request("r", at: 2)).lease.key
        for (step, feedback) in [(10, [1]), (20, [2])] as [(Int, [UInt8])] {
            let saved = checkpoint(step, key, feedback: feedback)
            _ = try store.commit(saved)
        }
        var last = report(key, 1, 0..<30)
        last.feedback = [3]
        last.progress = [4]
        last.summary = [5]
        _ = try store.report(last)
        let released = JobCompletion(key: key, outcome: .released, at: instant(3))
        #expect(try store.complete(released).step == 30)
        let resumed = try store.take(request("s", at: 4))
        #expect((resumed.lease.resumeStep, resumed.lease.grantedThrough) == (20, 20))
        #expect((resumed.job.step, resumed.job.feedback) == (20, [2]))
        #expect((resumed.job.progress, resumed.job.summary) == (nil, nil))
        #expect(try store.job(id) == resumed.job)
        #expect(try store.checkpoints(of: id).map(\.feedback) == [[1], [2]])
    }
}

/// A checkpoint under a lease, with bytes that are its step's own.
func checkpoint(
    _ step: Int,
    _ key: LeaseKey,
    feedback: [UInt8]? = nil,
    keep: Int = 3,
    best: Int? = nil
) -> CheckpointCommit {
    var commit = CheckpointCommit(
        key: key,
        step: step,
        file: file(step),
        at: instant(Double(step))
    )
    commit.feedback = feedback
    commit.keep = keep
    commit.bestStep = best
    return commit
}

/// A file whose hash is made of a number.
func file(_ number: Int) -> StoredFile {
    let digits = String(number, radix: 16)
    return StoredFile(hash: String(repeating: "0", count: 64 - digits.count) + digits, size: number)
}
