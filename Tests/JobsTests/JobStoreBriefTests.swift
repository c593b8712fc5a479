import Foundation
import Jobs
import Testing

/// Leases of jobs that a worker gets while it has another to run first.
@Suite struct JobStoreBriefTests {
    private func brief(_ number: Int) -> JobSubmission {
        submission(number) { $0.isBrief = true }
    }

    private func ahead(_ name: String, at seconds: Double = 9) -> LeaseRequest {
        request(name, at: seconds) { $0.isAhead = true }
    }

    @Test(arguments: StoreKind.allCases)
    func `only a brief job follows another at a worker`(kind: StoreKind) throws {
        let store = try kind.make()
        try store.add(submission(1))
        #expect(try store.lease(ahead("a")) == nil)
        #expect(try store.take(request("b", at: 9)).job.id == submission(1).id)
        try store.add(brief(2))
        let leased = try #require(try store.lease(ahead("c")))
        #expect(leased.job.id == brief(2).id)
        #expect(leased.job.isBrief)
        #expect(try store.job(brief(2).id).isBrief)
    }

    @Test(arguments: StoreKind.allCases)
    func `no brief job overtakes one that waits longer`(kind: StoreKind) throws {
        let store = try kind.make()
        try store.add(submission(1))
        try store.add(brief(2))
        #expect(try store.lease(ahead("a")) == nil)
        _ = try store.take(request("b", at: 9))
        #expect(try store.lease(ahead("c"))?.job.id == brief(2).id)
    }

    @Test(arguments: StoreKind.allCases)
    func `a job that a worker died with follows no other`(kind: StoreKind) throws {
        let store = try kind.make()
        try store.add(brief(1))
        _ = try store.take(request("a", worker: "w1", at: 3))
        _ = try store.abandon(
            LeaseAbandonment(.worker("w1"), cause: .workerCrashed, at: instant(4))
        )
        #expect(try store.lease(ahead("b", at: 500)) == nil)
        #expect(try store.take(request("c", at: 500)).job.id == brief(1).id)
    }
}
