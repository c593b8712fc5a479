import Foundation
import Jobs
import Testing

/// Leases of jobs that ask for GPUs.
@Suite struct JobStoreGPUTests {
    private static let two = [GPU(id: "a", memoryBytes: 16), GPU(id: "b", memoryBytes: 40)]

    private func job(_ number: Int, _ count: Int, memory: Int = 0) -> JobSubmission {
        submission(number) { $0.gpus = GPUWish(count: count, memoryBytes: memory) }
    }

    private func wish(_ name: String, _ gpus: [GPU] = Self.two, at seconds: Double = 9)
        -> LeaseRequest
    {
        request(name, worker: name, at: seconds) { $0.gpus = gpus }
    }

    @Test(arguments: StoreKind.allCases)
    func `two jobs on one machine get different GPUs, and a third waits`(kind: StoreKind) throws {
        let store = try kind.make()
        for number in 1...3 { try store.add(job(number, 1)) }
        let first = try #require(try store.lease(wish("w1")))
        let second = try #require(try store.lease(wish("w2")))
        #expect(first.lease.gpus == ["a"])
        #expect(second.lease.gpus == ["b"])
        #expect(try store.lease(wish("w3")) == nil)
        #expect(try store.lease(wish("w1"))?.lease.gpus == ["a"], "the same request")
        _ = try store.complete(
            JobCompletion(key: first.lease.key, outcome: .succeeded, at: instant(10))
        )
        #expect(try store.lease(wish("w3"))?.lease.gpus == ["a"])
    }

    @Test(arguments: StoreKind.allCases)
    func `the GPUs of a worker that died are free again`(kind: StoreKind) throws {
        let store = try kind.make()
        try store.add(job(1, 2))
        let lease = try #require(try store.lease(wish("w1"))).lease
        #expect(lease.gpus == ["a", "b"])
        let death = LeaseAbandonment(.worker("w1"), cause: .workerCrashed, at: instant(10))
        _ = try store.abandon(death)
        #expect(try store.lease(wish("w2", at: 100))?.lease.gpus == ["a", "b"])
    }

    @Test(arguments: StoreKind.allCases)
    func `a silent lease does not live again once another job has its GPUs`(
        kind: StoreKind
    ) throws {
        let store = try kind.make()
        try store.add(job(1, 1))
        let silent = try store.take(wish("w1", [Self.two[0]])).lease
        _ = try store.abandon(
            LeaseAbandonment(.lease(silent.key), cause: .leaseExpired, at: instant(20))
        )
        var urgent = job(2, 1)
        urgent.priority = 9
        try store.add(urgent)
        let other = try store.take(wish("w2", [Self.two[0]], at: 20))
        #expect(other.job.id == submission(2).id)
        let error = #expect(throws: JobStoreError.self) {
            try store.revive(silent.key, at: instant(21))
        }
        #expect(error?.code == .leaseLost)
        _ = try store.complete(
            JobCompletion(key: other.lease.key, outcome: .succeeded, at: instant(22))
        )
        #expect(try store.revive(silent.key, at: instant(23)).lease.gpus == ["a"])
    }

    @Test(arguments: StoreKind.allCases)
    func `a worker without enough GPUs takes other jobs`(kind: StoreKind) throws {
        let store = try kind.make()
        try store.add(job(1, 3))
        try store.add(job(2, 1, memory: 41))
        try store.add(submission(3))
        #expect(try store.lease(wish("w1"))?.job.id == submission(3).id)
        #expect(try store.lease(wish("w2", [])) == nil)
        let large = [GPU(id: "c", memoryBytes: 80)]
        #expect(try store.lease(wish("w3", large))?.job.id == submission(2).id)
    }

    @Test(arguments: StoreKind.allCases)
    func `a job that asks for memory gets the smallest GPUs that have it`(kind: StoreKind) throws {
        let store = try kind.make()
        let gpus = [
            GPU(id: "a", memoryBytes: 80), GPU(id: "b", memoryBytes: 16),
            GPU(id: "c", memoryBytes: 40), GPU(id: "d", memoryBytes: 40),
        ]
        try store.add(job(1, 2, memory: 20))
        try store.add(job(2, 2))
        #expect(try store.lease(wish("w1", gpus))?.lease.gpus == ["c", "d"])
        #expect(try store.lease(wish("w2", gpus))?.lease.gpus == ["a", "b"])
    }

    @Test(arguments: StoreKind.allCases)
    func `a job that wants many GPUs is not passed by smaller ones`(kind: StoreKind) throws {
        let store = try kind.make()
        try store.add(job(1, 1))
        try store.add(job(2, 2))
        try store.add(job(3, 1))
        try store.add(submission(4))
        let first = try store.take(wish("w1"))
        #expect(first.job.id == submission(1).id)
        #expect(try store.lease(wish("w2"))?.job.id == submission(4).id, "it needs no GPU")
        #expect(try store.lease(wish("w3")) == nil)
        _ = try store.complete(
            JobCompletion(key: first.lease.key, outcome: .succeeded, at: instant(10))
        )
        #expect(try store.lease(wish("w3"))?.job.id == submission(2).id)
    }
}
