import Foundation
import HTTP
import Jobs
import Testing
import TrainingAPI

@testable import TrainingService

/// Jobs that ask for GPUs, and what they say while they wait.
@Suite struct GPUJobTests {
    private let test = TestService(configure: { $0.runsCommands = true })
    private static let gibibyte = 1 << 30

    private func submit(_ gpus: Int, memory: Int? = nil) throws -> JobID {
        let rest = memory.map { #", "gpu_memory_bytes": \#($0)"# } ?? ""
        return try test.submit(#"{"kind": "command", "argv": ["true"], "gpus": \#(gpus)\#(rest)}"#)
    }

    private func wish(_ worker: String, host: String = "node7", gpus: [Int] = [40, 40])
        -> TrainingAPI.LeaseRequest
    {
        var wish = TrainingAPI.LeaseRequest.test(worker, id: worker)
        wish.kinds = ["command"]
        wish.host = host
        wish.gpus = gpus.enumerated().map {
            GPUBody(id: "\(host)/\($0.offset)", memoryBytes: $0.element * Self.gibibyte)
        }
        return wish
    }

    private func reason(_ id: JobID) throws -> String? {
        try test.send(.get, "/v1/jobs/\(id)").document["state_reason"]?.string
    }

    @Test func `a job says what it waits for`() throws {
        let many = try submit(4)
        let two = try submit(2)
        #expect(
            try reason(two) == "Waits: no worker with 2 free GPUs; no worker that is there has any."
        )
        let lease = try test.lease(wish("w1"))
        #expect((lease.jobID, lease.gpus) == (two.description, ["node7/0", "node7/1"]))
        #expect(
            try reason(many)
                == "Waits: no worker with 4 free GPUs; the most that one has is 2, on node7."
        )
        let one = try submit(1)
        let busy = "Waits: no worker with a free GPU; node7 has 2, of which none is free."
        #expect(try reason(one) == busy)
        #expect(try test.service.lease(wish("w2")) == nil)
        let large = try submit(1, memory: 80 * Self.gibibyte)
        #expect(
            try reason(large)
                == "Waits: no worker with a free GPU of at least 80 GiB each; the most that one has is"
                + " 0, on node7."
        )
        try test.complete(lease)
        #expect(
            try reason(one)
                == "Waits for its turn among the jobs that want GPUs; node7 has 2 free."
        )
        #expect(try test.lease(wish("w2")).gpus == ["node7/0"])
    }

    @Test func `the list of workers shows who has which GPU`() throws {
        _ = try submit(1)
        let lease = try test.lease(wish("w1"))
        _ = try test.service.lease(wish("w2"))
        let workers = try test.send(.get, "/v1/workers").document["items"]?.array ?? []
        #expect(workers.map { $0["host"]?.string } == ["node7", "node7"])
        for worker in workers {
            let jobs = worker["gpus"]?.array?.map { $0["job_id"]?.string }
            #expect(jobs == [lease.jobID, nil])
        }
    }

    @Test func `GPUs stay with a job whose server starts again, until it ends`() throws {
        _ = try submit(2)
        let first = try test.lease(wish("w1"))
        _ = try submit(1)
        let next = TestService(over: test.store, files: test.files) { $0.runsCommands = true }
        #expect(try next.service.lease(wish("w2")) == nil)
        try next.complete(first)
        #expect(try next.lease(wish("w2")).gpus == ["node7/0"])
    }
}
