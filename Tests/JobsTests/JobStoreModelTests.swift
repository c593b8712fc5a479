import Foundation
import Jobs
import JobsSQLite
import TestSupport
import Testing

@Suite struct JobStoreModelTests {
    @Test(arguments: 0..<20)
    func `random verbs get the same answers from the plain store and from SQLite`(
        seed: UInt64
    ) throws {
        let plain = InMemoryJobStore()
        let folder = try TemporaryFolder()
        var sqlite = try SQLiteJobStore(folder: folder.path)
        var generator = SeededGenerator(seed: seed)
        var script = RandomScript()
        for turn in 1...300 {
            let verb = script.next(using: &generator)
            let expected = verb.run(on: plain)
            #expect(verb.run(on: sqlite) == expected, "turn \(turn): \(verb)")
            script.note(expected)
            if turn.isMultiple(of: 100) {
                sqlite.close()
                sqlite = try SQLiteJobStore(folder: folder.path)
            }
        }
        let jobs = try plain.jobs(JobQuery(limit: 500))
        #expect(try sqlite.jobs(JobQuery(limit: 500)) == jobs)
        #expect(try sqlite.liveLeases() == plain.liveLeases())
        let documents = try plain.documents(DocumentQuery(kind: "schedule"))
        #expect(try sqlite.documents(DocumentQuery(kind: "schedule")) == documents)
        for id in documents.documents.map(\.id) {
            let versions = try plain.versions(of: id, before: nil, limit: 500)
            #expect(try sqlite.versions(of: id, before: nil, limit: 500) == versions)
        }
        for job in jobs.jobs {
            #expect(try History(of: job.id, in: sqlite) == History(of: job.id, in: plain))
            #expect(try sqlite.seriesNames(of: job.id) == plain.seriesNames(of: job.id))
        }
    }

    @Test(arguments: 0..<20)
    func `random verbs never break what holds for every job`(seed: UInt64) throws {
        let store = InMemoryJobStore()
        var generator = SeededGenerator(seed: seed)
        var script = RandomScript()
        var fences: [JobID: Int] = [:]
        var versions: [JobID: Int] = [:]
        for _ in 0..<300 {
            script.note(script.next(using: &generator).run(on: store))
            let leased = Set(try store.liveLeases().map(\.key.job))
            let broken = try store.jobs(JobQuery(limit: 1_000)).jobs.filter { job in
                let log = try store.events(of: job.id, after: 0, kinds: nil, limit: 5_000)
                let isWhole =
                    job.state.isLeased == leased.contains(job.id)
                    && job.state.isTerminal == (job.finishedAt != nil)
                    && (job.state == .failed) == (job.failure != nil)
                    && (0...job.maximumAttempts).contains(job.attempt)
                    && (0...3).contains(job.crashes)
                    && job.fence >= fences[job.id] ?? 0
                    && job.version >= versions[job.id] ?? 1
                    && log.events.map(\.id) == Array(1...job.lastEvent)
                    && log.events.last { $0.kind == .state }?.stateChange?.state == job.state
                fences[job.id] = job.fence
                versions[job.id] = job.version
                return !isWhole
            }
            #expect(broken == [])
        }
    }
}
