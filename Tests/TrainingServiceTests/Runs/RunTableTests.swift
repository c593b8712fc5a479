import Foundation
import Jobs
import Testing

@testable import TrainingService

@Suite struct RunTableTests {
    private let table = RunTable()
    private let job = JobID.random(at: Date(timeIntervalSince1970: 0))

    private func run(
        _ lease: LeaseID = .random(),
        job: JobID? = nil,
        worker: String = "w",
        requestID: String = "r",
        grantedAt seconds: Double = 0
    ) throws -> ActiveRun {
        let ledger = RunLedger(
            rates: try Sample.rates(#"{"type": "constant", "learning_rate": 0.1}"#),
            momentum: 0.9,
            evaluationInterval: 30,
            standing: .init(resumeStep: 0, grantedThrough: 0, reportedThrough: 0)
        )
        let lease = Lease(
            key: LeaseKey(job: job ?? self.job, fence: 1, lease: lease),
            worker: worker,
            server: nil,
            requestID: requestID,
            environment: nil,
            resumeStep: 0,
            grantedThrough: 0,
            sequence: 0,
            grantedAt: Date(timeIntervalSince1970: seconds)
        )
        return ActiveRun(lease, ledger: ledger)
    }

    @Test func `has all use the first of several runs of one lease`() throws {
        let lease = LeaseID.random()
        let (first, second) = (try run(lease), try run(lease))
        #expect(table.insert(first) === first)
        #expect(table.insert(second) === first)
        #expect(table.run(of: lease) === first)
    }

    @Test func `remembers whose a lease was that has ended`() throws {
        let run = table.insert(try run())
        #expect(table.jobs == ["w": job])
        table.remove(run.key)
        #expect(table.run(of: run.key.lease) == nil)
        #expect(table.key(of: run.key.lease) == run.key)
        #expect(table.jobs.isEmpty)
    }

    @Test func `names of a worker's jobs the one that was granted first`() throws {
        let next = (1...8).map { JobID.random(at: Date(timeIntervalSince1970: Double($0))) }
        for (number, job) in next.enumerated() {
            _ = table.insert(try run(job: job, grantedAt: Double(8 - number)))
        }
        #expect(table.jobs == ["w": next[7]])
    }

    @Test func `forgets in time`() throws {
        let first = table.insert(try run())
        table.remove(first.key)
        for _ in 0..<4_095 { table.remove(table.insert(try run()).key) }
        #expect(table.key(of: first.key.lease) == first.key)
        table.remove(table.insert(try run()).key)
        #expect(table.key(of: first.key.lease) == nil)
    }

    @Test func `ends the runs of one job alone`() throws {
        let mine = table.insert(try run())
        let other = table.insert(try run(job: .random(at: Date(timeIntervalSince1970: 1))))
        #expect(table.removeRuns(of: job, through: mine.key.fence - 1) == [])
        #expect(table.run(of: mine.key.lease) === mine)
        #expect(table.removeRuns(of: job, through: mine.key.fence) == [mine.key])
        #expect(table.run(of: mine.key.lease) == nil)
        #expect(table.run(of: other.key.lease) === other)
    }

    @Test func `knows what a worker holds by other requests`() throws {
        let first = table.insert(try run(requestID: "r1"))
        _ = table.insert(try run(requestID: "r2"))
        _ = table.insert(try run(worker: "x", requestID: "r1"))
        #expect(table.keys(of: "w", besides: "r2") == [first.key])
    }
}
