import Foundation
import Jobs
import Testing

@Suite struct JobStoreLimitTests {
    private static let vision = LabelLimits([LabelLimit(key: "team", value: "vision", count: 1)])

    private func ids(_ numbers: ClosedRange<Int>) -> [JobID] { numbers.map { submission($0).id } }

    // MARK: - The queue

    @Test(arguments: StoreKind.allCases)
    func `a full queue takes no job, but still answers who repeats`(kind: StoreKind) throws {
        let store = try kind.make()
        let key = Idempotency(scope: [1], key: "k", bodyHash: [2], answer: [3])
        let first = submission(1) { $0.queueLimit = 2 }
        _ = try store.accept(first, idempotency: key)
        try store.add(submission(2) { $0.queueLimit = 2 })
        let error = #expect(throws: JobStoreError.self) {
            try store.accept(submission(3) { $0.queueLimit = 2 })
        }
        #expect(error?.code == .queueFull)
        #expect(error?.detail.contains("2 jobs wait already") == true)
        #expect(try store.accept(first, idempotency: key) == .replayed(answer: [3]))
        _ = try store.take(request("r", at: 4))
        try store.add(submission(3) { $0.queueLimit = 2 })
    }

    @Test(arguments: StoreKind.allCases)
    func `a key that a full queue refused is as good as new`(kind: StoreKind) throws {
        let store = try kind.make()
        try store.add(submission(1))
        let key = Idempotency(scope: [1], key: "k", bodyHash: [2], answer: [3])
        let second = submission(2) { $0.queueLimit = 1 }
        #expect(throws: JobStoreError.self) { try store.accept(second, idempotency: key) }
        #expect(try store.replay(key) == nil)
        _ = try store.act(.cancel, on: submission(1).id, at: instant(3))
        guard case .created = try store.accept(second, idempotency: key) else {
            Issue.record("the job was not stored")
            return
        }
    }

    // MARK: - Labels

    @Test(arguments: StoreKind.allCases)
    func `a job waits while its label is at its limit, and holds nobody up`(
        kind: StoreKind
    ) throws {
        let store = try kind.make()
        try store.add(submission(1) { $0.labels = ["team": "vision"] })
        try store.add(submission(2) { $0.labels = ["team": "vision", "gpu": "a"] })
        try store.add(submission(3) { $0.labels = ["team": "audio"] })
        try store.add(submission(4))
        func take(_ name: String) throws -> LeasedJob? {
            try store.lease(request(name, worker: name, at: 9) { $0.limits = Self.vision })
        }
        let first = try #require(try take("a"))
        #expect(first.job.id == submission(1).id)
        #expect(try take("b")?.job.id == submission(3).id)
        #expect(try take("c")?.job.id == submission(4).id)
        #expect(try take("d") == nil)
        #expect(
            try store.leasedLabels(named: ["team"]) == [
                Label(key: "team", value: "vision"): 1, Label(key: "team", value: "audio"): 1,
            ]
        )
        _ = try store.act(.pause, on: first.job.id, at: instant(10))
        #expect(try take("d") == nil, "a job that pauses still runs")
        _ = try store.complete(
            JobCompletion(key: first.lease.key, outcome: .released, at: instant(11))
        )
        #expect(try take("d")?.job.id == submission(2).id)
    }

    @Test(arguments: StoreKind.allCases)
    func `a limit for each value counts each by itself, and one for a value goes before`(
        kind: StoreKind
    ) throws {
        let store = try kind.make()
        for number in 1...9 {
            let user = ["ann", "bob", "eve"][number % 3]
            try store.add(submission(number) { $0.labels = ["user": user] })
        }
        let limits = LabelLimits([
            LabelLimit(key: "user", value: nil, count: 1),
            LabelLimit(key: "user", value: "eve", count: 2),
        ])
        var users: [String] = []
        for number in 0..<9 {
            let wish = request("r\(number)", worker: "w\(number)", at: 20) { $0.limits = limits }
            guard let job = try store.lease(wish)?.job else { break }
            users.append(job.labels["user"] ?? "")
        }
        #expect(users == ["bob", "eve", "ann", "eve"])
    }

    @Test(arguments: StoreKind.allCases)
    func `of very many jobs none runs beyond its limit and none is left over`(
        kind: StoreKind
    ) throws {
        let store = try kind.make()
        let limits = LabelLimits([LabelLimit(key: "team", value: nil, count: 2)])
        let count = kind == .memory ? 400 : 1_200
        for number in 0..<count {
            try store.add(submission(number) { $0.labels = ["team": "\(number % 7)"] })
        }
        var running: [LeasedJob] = []
        var done = 0
        for turn in 0... {
            let now = Double(count + turn)
            while running.count < 16 {
                let name = "w\(turn)-\(running.count)"
                let wish = request(name, worker: name, at: now) { $0.limits = limits }
                guard let leased = try store.lease(wish) else { break }
                running.append(leased)
            }
            let teams = Dictionary(grouping: running) { $0.job.labels["team"] ?? "" }
            #expect(teams.values.allSatisfy { $0.count <= 2 })
            guard !running.isEmpty else { break }
            #expect(done + 14 >= count || running.count == 14, "two of each of seven teams run")
            // Half of them end, so that the others are of another age.
            for leased in running.prefix((running.count + 1) / 2) {
                _ = try store.complete(
                    JobCompletion(key: leased.lease.key, outcome: .succeeded, at: instant(now))
                )
                done += 1
            }
            running.removeFirst((running.count + 1) / 2)
        }
        #expect(done == count)
        #expect(try store.counts()[.succeeded] == count)
    }

    // MARK: - Age

    @Test(arguments: StoreKind.allCases)
    func `old jobs go, those that ended first before others, and their parents stay`(
        kind: StoreKind
    ) throws {
        let store = try kind.make()
        for number in 1...4 { try store.add(submission(number)) }
        let parent = try store.take(request("r", at: 5))
        _ = try store.commit(checkpoint(7, parent.lease.key))
        try store.add(submission(6) { $0.origin = JobOrigin(job: parent.job.id, step: 7) })
        _ = try store.complete(
            JobCompletion(key: parent.lease.key, outcome: .succeeded, at: instant(10))
        )
        for (number, end) in [(2, 12.0), (3, 11.0), (4, 20.0)] {
            _ = try store.act(.cancel, on: submission(number).id, at: instant(end))
        }
        let removed = try store.removeJobs(endedBefore: instant(20), limit: 1)
        #expect(removed == [JobRemoval(id: submission(3).id, files: [])])
        #expect(
            try store.removeJobs(endedBefore: instant(20), limit: 9).map(\.id)
                == [submission(2).id]
        )
        #expect(try store.removeJobs(endedBefore: instant(20), limit: 9) == [])
        _ = try store.act(.cancel, on: submission(6).id, at: instant(21))
        let last = try store.removeJobs(endedBefore: instant(22), limit: 9)
        #expect(last.map(\.id) == [submission(4).id, submission(6).id])
        #expect(last[1].files == [file(7)])
        // The child is gone, so that its parent may go too.
        #expect(
            try store.removeJobs(endedBefore: instant(22), limit: 9)
                == [JobRemoval(id: parent.job.id, files: [file(7)])]
        )
    }

    @Test(arguments: StoreKind.allCases)
    func `the time that a job has run is kept until it is tried again`(kind: StoreKind) throws {
        let store = try kind.make()
        try store.add(submission(1))
        let first = try store.take(request("r", at: 2))
        var report = JobReport(key: first.lease.key, sequence: 1, steps: 0..<10)
        report.ranSeconds = 2.5
        _ = try store.report(report)
        #expect(try store.job(first.job.id).ranSeconds == 2.5)
        var end = JobCompletion(key: first.lease.key, outcome: .released, at: instant(5))
        end.ranSeconds = 3
        #expect(try store.complete(end).ranSeconds == 3)
        let second = try store.take(request("s", at: 6))
        #expect(second.job.ranSeconds == 3)
        _ = try store.abandon(
            LeaseAbandonment(.lease(second.lease.key), cause: .workerCrashed, at: instant(7))
        )
        #expect(try store.job(first.job.id).ranSeconds == 3)
        _ = try store.act(.cancel, on: first.job.id, at: instant(8))
        #expect(try store.act(.retry, on: first.job.id, at: instant(9)).ranSeconds == 0)
    }
}
