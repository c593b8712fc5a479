import Jobs
import Testing
import TrainingAPI

@testable import TrainingService

/// Jobs that take some milliseconds, of which a worker may have one more than it runs.
@Suite struct BriefJobTests {
    private let test = TestService()

    private func ahead(_ id: String, instance: String? = nil) -> TrainingAPI.LeaseRequest {
        var request = TrainingAPI.LeaseRequest.test(id: id, instance: instance)
        request.isBusy = true
        request.isAhead = true
        return request
    }

    @Test(
        arguments: [
            (#""model": {"type": "softmax"}, "steps": 1"#, true),
            (#""model": {"type": "softmax"}, "steps": 200000"#, false),
            (#""model": {"type": "mlp", "hidden": [8]}, "epochs": 2"#, true),
            (#""model": {"type": "mlp", "hidden": [512, 512]}, "epochs": 2"#, false),
            (#""model": {"type": "mlp", "hidden": [512, 512]}, "steps": 1"#, false),
        ]
    )
    func `the work of a job tells whether it is brief`(fields: String, isBrief: Bool) throws {
        let dataset = #""dataset": {"name": "spirals", "validation": null}"#
        try test.submit("{\(dataset), \(fields), \"batch_size\": 100}")
        #expect(try test.lease().isBrief == isBrief)
    }

    @Test func `a worker that has a job gets a brief one besides, and keeps both`() throws {
        let instance = test.service.configuration.server.description
        for _ in 0..<3 { try test.submit() }
        let first = try test.lease(.test(id: "r1", instance: instance))
        let second = try test.lease(ahead("r2", instance: instance))
        var busy = TrainingAPI.LeaseRequest.test(id: "r3", instance: instance)
        busy.isBusy = true
        let third = try test.lease(busy)
        #expect(Set([first, second, third].map(\.jobID)).count == 3)
        for job in [first, second, third] { #expect(try test.record(job).state == .running) }
    }

    @Test func `a job that a worker died with is brief no more`() throws {
        let id = try test.submit()
        let job = try test.lease()
        #expect(job.isBrief)
        test.service.localWorkerEnded("worker-1", detail: "was killed")
        let record = try test.store.job(id)
        #expect(record.crashes == 1)
        #expect(!record.runsBriefly)
    }

    @Test func `a worker that says nothing of its other jobs has let go of them`() throws {
        let instance = test.service.configuration.server.description
        for _ in 0..<3 { try test.submit() }
        let first = try test.lease(.test(id: "r1", instance: instance))
        let second = try test.lease(ahead("r2", instance: instance))
        _ = try test.lease(.test(id: "r3", instance: instance))
        #expect(try test.record(first).crashes == 1)
        #expect(try test.record(second).crashes == 1)
    }

    @Test func `a job that is kept as it was accepted is the one that was stored`() throws {
        let schedules = [
            Sample.plateau, #"{"type": "cosine", "learning_rate": 0.1}"#,
            #"{"type": "constant", "learning_rate": 0.05, "warmup": {"length": {"steps": 5}}}"#,
        ]
        for schedule in schedules {
            let id = try test.submit(
                Sample.job(
                    schedule: schedule,
                    fields: #""labels": {"a": "b"}, "seeds": {"initial": 3}, "#
                )
            )
            let kept = try #require(test.service.acceptedJobs.take(id))
            let read = try #require(ReadJob(reading: try test.store.job(id).specification))
            #expect(kept.work == read.work)
            #expect(kept.stored == read.stored)
        }
    }

    @Test func `a job that was granted is no longer kept as it was accepted`() throws {
        let id = try test.submit()
        _ = try test.lease()
        #expect(test.service.acceptedJobs.take(id) == nil)
    }
}
