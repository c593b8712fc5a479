import Testing
import TrainingAPI

@testable import lehr

@Suite struct WatchLogTests {
    @Test func `tells each state and each validation once`() {
        var log = WatchLog()
        var queued = JobBody.sample("queued", step: 0)
        queued.stateReason = "waiting for a worker"
        #expect(log.lines(queued, nil) == ["queued: waiting for a worker"])
        #expect(log.lines(queued, nil) == [])
        let running = JobBody.sample(step: 900)
        #expect(
            log.lines(running, .sample(to: 900)) == [
                "running",
                "step 422/4,220  epoch 1/10  train_loss 1.9  learning_rate 0.1  "
                    + "validation_loss 0.9  validation_accuracy 0.1",
                "step 844/4,220  epoch 2/10  train_loss 1.8  learning_rate 0.1  "
                    + "validation_loss 0.8  validation_accuracy 0.2",
            ]
        )
        #expect(log.lines(running, .sample(to: 900)) == [])
    }

    @Test func `tells each tenth of a run without validation`() {
        var log = WatchLog()
        let metrics = MetricsBody(
            series: [("train_loss", .init(steps: [0], values: [2.5], sourcePoints: 1))],
            complete: false
        )
        _ = log.lines(.sample(step: 10), metrics)
        #expect(
            log.lines(.sample(step: 430), metrics) == ["step 430/4,220  epoch 1/10  train_loss 2.5"]
        )
        #expect(log.lines(.sample(step: 440), metrics) == [])
    }

    @Test func `ends with the results`() {
        var job = JobBody.sample("succeeded", step: 4220)
        var summary = TrainingSummary()
        summary.seconds = 4.13
        summary.validationAccuracy = 0.881
        summary.testAccuracy = 0.8774
        job.summary = summary
        var log = WatchLog()
        #expect(
            log.lines(job, nil).last
                == "succeeded in 4.1 s: validation accuracy 0.881, test accuracy 0.8774"
        )
    }
}
