import Foundation
import Jobs
import Testing

@Suite struct JobStoreLeaseTests {
    @Test(arguments: StoreKind.allCases)
    func `a lease carries what its worker needs`(kind: StoreKind) throws {
        let store = try kind.make()
        try store.add(submission(1))
        let server = ServerID(bits: 5)
        let wish = request("r", worker: "w9", at: 2) {
            $0.host = "node-3"
            $0.server = server
        }
        let leased = try store.take(wish)
        #expect(leased.job.state == .running)
        #expect((leased.job.attempt, leased.job.fence, leased.job.host) == (1, 1, "node-3"))
        #expect(leased.job.startedAt == instant(2))
        let lease = leased.lease
        #expect(lease.key == LeaseKey(job: leased.job.id, fence: 1, lease: wish.lease))
        #expect((lease.worker, lease.requestID, lease.server) == ("w9", "r", server))
        #expect((lease.resumeStep, lease.grantedThrough, lease.sequence) == (0, 0, 0))
        #expect(try store.job(leased.job.id) == leased.job)
        #expect(try store.liveLeases() == [lease])
        #expect(try store.runs(of: leased.job.id) == [Run(lease: lease)])
    }

    @Test(arguments: StoreKind.allCases)
    func `no job is leased twice`(kind: StoreKind) throws {
        let store = try kind.make()
        try store.add(submission(1))
        _ = try store.take(request("r", at: 2))
        #expect(try store.lease(request("s", worker: "w2", at: 2)) == nil)
    }

    @Test(arguments: StoreKind.allCases)
    func `the same request gets the same live lease again`(kind: StoreKind) throws {
        let store = try kind.make()
        try store.add(submission(1))
        try store.add(submission(2))
        let first = try store.take(request("r", at: 3))
        #expect(try store.take(request("r", at: 4)) == first)
        #expect(try store.take(request("r", worker: "w2", at: 4)).job.id == submission(2).id)
        _ = try store.complete(
            JobCompletion(key: first.lease.key, outcome: .succeeded, at: instant(5))
        )
        #expect(try store.lease(request("r", at: 6)) == nil)
    }

    @Test(arguments: StoreKind.allCases)
    func `the fence grows at every grant`(kind: StoreKind) throws {
        let store = try kind.make()
        try store.add(submission(1))
        for fence in 1...4 {
            let key = try store.take(request("r\(fence)", at: Double(fence))).lease.key
            #expect(key.fence == fence)
            _ = try store.complete(
                JobCompletion(key: key, outcome: .released, at: instant(Double(fence)))
            )
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `the queue goes by age, a unit of priority counting ten minutes`(kind: StoreKind) throws {
        let store = try kind.make()
        try store.add(submission(0))
        try store.add(submission(599) { $0.priority = 1 })
        try store.add(submission(601) { $0.priority = 1 })
        try store.add(submission(602) { $0.priority = -1 })
        try store.add(submission(603) { $0.priority = 2 })
        let order = try (0..<5).map { number in
            try store.take(request("r\(number)", at: 700)).job.createdAt
        }
        #expect(order == [603, 599, 0, 601, 602].map(instant))
    }

    @Test(arguments: StoreKind.allCases)
    func `jobs of one place go by id`(kind: StoreKind) throws {
        let store = try kind.make()
        let ids = (0..<4).map { JobID(at: instant(0), random: $0) }
        for id in ids.shuffled() {
            _ = try store.accept(
                JobSubmission(
                    id: id,
                    kind: "train",
                    specification: [],
                    totalSteps: 1,
                    at: instant(0)
                )
            )
        }
        let order = try (0..<4).map { try store.take(request("r\($0)", at: 1)).job.id }
        #expect(order == ids)
    }

    @Test(arguments: StoreKind.allCases)
    func `a job does not start before its time, and holds nobody up`(kind: StoreKind) throws {
        let store = try kind.make()
        try store.add(submission(1) { $0.notBefore = instant(100) })
        try store.add(submission(2))
        #expect(try store.take(request("r", at: 99.9)).job.createdAt == instant(2))
        #expect(try store.lease(request("s", at: 99.999_999)) == nil)
        #expect(try store.take(request("s", at: 100)).job.createdAt == instant(1))
    }

    @Test(arguments: StoreKind.allCases)
    func `a worker gets only kinds that it can do, the oldest first`(kind: StoreKind) throws {
        let store = try kind.make()
        try store.add(submission(1, kind: "command"))
        try store.add(submission(2, kind: "train"))
        try store.add(submission(3, kind: "range_test"))
        #expect(try store.lease(request("r", kinds: [], at: 9)) == nil)
        #expect(try store.lease(request("r", kinds: ["external"], at: 9)) == nil)
        let both: Set = ["range_test", "train"]
        #expect(try store.take(request("r", kinds: both, at: 9)).job.kind == "train")
        #expect(try store.take(request("s", kinds: both, at: 9)).job.kind == "range_test")
    }

    @Test(arguments: StoreKind.allCases)
    func `a renewal extends what is granted and never shortens it`(kind: StoreKind) throws {
        let store = try kind.make()
        let job = try store.add(submission(1))
        let key = try store.take(request("r", at: 2)).lease.key
        #expect(try store.renew(key, grantedThrough: 50).lease.grantedThrough == 50)
        #expect(try store.renew(key, grantedThrough: 20).lease.grantedThrough == 50)
        #expect(try store.renew(key).lease.grantedThrough == 50)
        #expect(try store.renew(key).job == store.job(job.id))
    }
}
