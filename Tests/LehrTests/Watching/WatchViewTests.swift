import Testing
import TrainingAPI

@testable import lehr

@Suite struct WatchViewTests {
    @Test func `shows progress, loss, rate and validation`() {
        var job = JobBody.sample()
        job.host = "host-1"
        var summary = TrainingSummary()
        summary.stepsPerSecond = 1210.4
        job.summary = summary
        let lines = WatchView(job: job, metrics: .sample(to: 1434)).lines(.sized(100, 23))
        #expect(
            lines[0] == "fashion-cosine  running  0197a3f2-5c1d-7000-8000-000000000001  on host-1"
        )
        #expect(
            lines[1] == "epoch 3.3/10 ━━━━━━━━━━━━━━╸──────────────────────────── "
                + "33 %  step 1,434/4,220  1,210/s  2.3 s left"
        )
        #expect(lines[3] == "train_loss 1.66")
        #expect(lines[4].hasPrefix("        2 ┤"))
        #expect(lines[7].hasPrefix("     1.66 ┤"))
        #expect(lines[11] == "learning_rate 0.1")
        #expect(lines.last == "validation loss 0.7, best 0.7 at step 1,266, accuracy 0.3")
    }

    @Test func `a curve takes the part of the width that the run has come`() {
        let lines = WatchView(job: .sample(step: 2110), metrics: .sample(to: 2110))
            .lines(.sized(90, 21))
        // Half of the 79 columns beside the left axis.
        #expect(lines.last { $0.contains("⣀⣀") }?.count == 11 + 40)
    }

    @Test(arguments: [(0, "64"), (60, "64"), (1054, "1,054"), (1055, "2,109"), (4220, "4,219")])
    func `what there is of a curve fills half of the width at least`(step: Int, last: String) {
        let job = JobBody.sample(step: step)
        let lines = WatchView(job: job, metrics: .sample(to: max(step, 1))).lines(.sized(90, 24))
        #expect(lines.contains { $0.hasSuffix(" step \(last)") })
    }

    @Test(arguments: [(20, 10), (29, 30), (30, 13), (40, 18), (80, 24), (200, 60)])
    func `never grows past the terminal`(columns: Int, rows: Int) {
        var job = JobBody.sample(name: String(repeating: "long", count: 20))
        job.stateReason = String(repeating: "why ", count: 50)
        let lines = WatchView(job: job, metrics: .sample(to: 1434), trouble: job.stateReason)
            .lines(.sized(columns, rows))
        #expect(lines.allSatisfy { $0.count <= columns })
        #expect(lines.count < rows)
    }

    @Test func `ends with what the job came to`() {
        var job = JobBody.sample("failed")
        job.failure = .init(code: "diverged", detail: "the loss is NaN at step 12, rate 3")
        let lines = WatchView(job: job, metrics: nil).lines(.sized(80, 24))
        #expect(lines.last == "failed: the loss is NaN at step 12, rate 3 (diverged)")
    }
}
