import HTTP
import Jobs
import Schedules
import Testing
import TrainingAPI

@testable import TrainingService

@Suite struct LibraryJobTests {
    private let test = TestService()

    @Test(arguments: [
        (
            #"{"library": "torch", "name": "ExponentialLR", "params": {"gamma": 0.5}, "learning_rate": 0.1, "unit": "epochs"}"#,
            [0.1, 0.05, 0.025]
        ),
        (
            #"{"library": "keras", "name": "PiecewiseConstantDecay", "params": {"boundaries": [30, 60], "values": [3, 2, 1]}}"#,
            [3, 3, 2]
        ),
        (
            #"{"library": "optax", "name": "linear_schedule", "params": {"init_value": 90, "end_value": 0, "transition_steps": 90}}"#,
            [90, 60, 30]
        ),
        (
            #"{"library": "transformers", "name": "linear", "params": {"num_warmup_steps": 0, "num_training_steps": 90}, "learning_rate": 9}"#,
            [9, 6, 3]
        ),
        (
            #"{"library": "timm", "name": "StepLRScheduler", "params": {"decay_t": 1, "decay_rate": 0.5}, "learning_rate": 1, "unit": "epochs"}"#,
            [1, 0.5, 0.25]
        ),
        (
            #"{"library": "composer", "name": "LinearScheduler", "params": {"t_max": "1dur"}, "learning_rate": 9}"#,
            [9, 6, 3]
        ),
        (
            #"{"library": "fastai", "name": "fit_one_cycle", "params": {"n_epoch": 3, "batches_per_epoch": 30, "lr_max": 1}, "learning_rate": 1}"#,
            [0.04]
        ),
        (
            #"{"library": "pytorch_optimizer", "name": "get_wsd_schedule", "params": {"num_warmup_steps": 0, "num_stable_steps": 60, "num_decay_steps": 30}, "learning_rate": 1}"#,
            [1, 1, 1]
        ),
    ])
    func `a job runs under a scheduler of every library`(
        schedule: String,
        rates: [Double]
    ) throws {
        let response = try test.send(.post, "/v1/jobs", body: Sample.job(schedule: schedule))
        #expect(response.status == .created, "\(String(decoding: response.body, as: UTF8.self))")
        let job = try test.lease()
        #expect(job.grant.toStep == 90)
        for (epoch, rate) in rates.enumerated() {
            #expect(abs(job.grant.learningRates[epoch * 30] - rate) <= 1e-12 * rate)
        }
    }

    @Test func `a library's scheduler moves the momentum`() throws {
        let schedule =
            #"{"library": "torch", "name": "OneCycleLR", "params": {"max_lr": 0.1, "total_steps": 90}, "learning_rate": 0.1}"#
        try test.submit(Sample.job(schedule: schedule))
        let momenta = try #require(try test.lease().grant.momenta)
        #expect(momenta.first == 0.95)
        #expect(momenta.min().map { abs($0 - 0.85) < 1e-3 } == true)
    }

    @Test(arguments: [
        (
            #"{"library": "torch", "name": "StepLR", "params": {"step_sizes": 3}, "learning_rate": 1}"#,
            "/schedule/params", "step_sizes"
        ),
        (
            #"{"library": "torch", "name": "OneCycleLR", "params": {"max_lr": 0.1, "total_steps": 50}, "learning_rate": 0.1}"#,
            "/schedule/params", "fails at step 51 of the 90 of this run"
        ),
        (
            #"{"library": "keras", "name": "ReduceLROnPlateau", "params": {"monitor": "val_f1"}, "learning_rate": 1}"#,
            "/schedule/params/monitor", "must be one of"
        ),
        (
            #"{"library": "torch", "name": "StepLR", "params": {"step_size": 3}}"#,
            "/schedule/learning_rate", "missing"
        ),
        (
            #"{"library": "torch", "name": "StepLR", "params": {"step_size": 3}, "learning_rate": 1, "monitor": "train_loss"}"#,
            "/schedule/monitor", "follows no metric"
        ),
    ])
    func `what cannot run is refused when it is submitted`(
        schedule: String,
        pointer: String,
        detail: String
    ) throws {
        let response = try test.send(.post, "/v1/jobs", body: Sample.job(schedule: schedule))
        #expect(response.status == .unprocessableContent)
        let faults = try response.document["errors"]?.array ?? []
        #expect(faults.compactMap { $0["pointer"]?.string } == [pointer])
        #expect(faults.first?["detail"]?.string?.contains(detail) == true, "\(faults)")
    }

    @Test func `what looks wrong is told when it is checked and kept with the job`() throws {
        let schedule =
            #"{"library": "keras", "name": "CosineDecay", "params": {"initial_learning_rate": 0.1, "decay_steps": 90}, "learning_rate": 5}"#
        let job = Sample.job(schedule: schedule)
        let checked = try test.send(.post, "/v1/jobs?validate_only=true", body: job).document
        #expect(checked["warnings"]?.array?.count == 1)
        #expect(checked["warnings"]?.array?[0]["pointer"]?.string == "/schedule/learning_rate")
        let id = try test.submit(job)
        let read = try test.send(.get, "/v1/jobs/\(id)").document
        #expect(read["warnings"] == checked["warnings"])
    }

    @Test func `a library's plateau goes on over a restart where it was, and says why`() throws {
        let schedule =
            #"{"library": "torch", "name": "ReduceLROnPlateau", "params": {"factor": 0.5, "patience": 0}, "learning_rate": 0.1}"#
        try test.submit(Sample.job(schedule: schedule))
        let job = try test.lease()
        #expect(job.grant.toStep == 30)
        let first = Sample.report(
            1,
            0..<30,
            of: job.grant,
            points: [("validation_loss", 30, 0.5)]
        )
        let second = try #require(try test.report(first, job).grant)
        let next = TestService(over: test.store)
        let report = Sample.report(
            2,
            30..<60,
            of: second,
            points: [("validation_loss", 60, 0.75)]
        )
        let third = try #require(try next.report(report, job).grant)
        #expect(third.learningRates == Array(repeating: 0.05, count: 30))
        let again = TestService(over: test.store)
        let shown = try again.send(.get, "/v1/jobs/\(job.jobID)/schedule").document
        #expect(
            shown["events"]?.array?.compactMap { $0["reason"]?.string } == [
                "step 60: ReduceLROnPlateau of torch on report 2, 0.75; best 0.5, 1 report before; "
                    + "0.1 to 0.05"
            ]
        )
        let why = try again.send(.get, "/v1/jobs/\(job.jobID)/explain?step=60").document
        #expect(why["learning_rate"]?.double == 0.05)
        #expect(why["causes"]?.array?.last?["factor"]?.double == 0.5)
        #expect(
            try again.send(.get, "/v1/jobs/\(job.jobID)/explain").document["step"]?.integer == 60
        )
        let past = try again.send(.get, "/v1/jobs/\(job.jobID)/explain?step=90")
        #expect(past.status == .unprocessableContent)
    }
}
