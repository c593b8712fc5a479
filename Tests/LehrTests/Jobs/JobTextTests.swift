import Foundation
import Testing
import TrainingAPI

@testable import lehr

@Suite struct JobTextTests {
    @Test func `ids are cut where they still differ`() {
        let start = "0197a3f2-5c1d-7000-8000-00000000000"
        #expect(
            JobText.shortened(["0197a3f2-5c1d-7000-x", "0197a3f2-5c1e-7000-x"]) == [
                "0197a3f2-5c1d", "0197a3f2-5c1e",
            ]
        )
        #expect(JobText.shortened([start + "1", start + "2"]) == [start + "1", start + "2"])
        #expect(JobText.shortened([]) == [])
    }

    @Test(arguments: [
        ("2026-01-01T00:00:00Z", "1 min 30 s"), ("2026-01-01T00:00:30.250Z", "1 min 00 s"),
        ("2026-01-01T00:05:00Z", "0 s"), ("yesterday", ""),
    ])
    func `an age is counted from an instant with or without its fraction`(text: String, age: String)
    {
        let now = Date(timeIntervalSince1970: 1_767_225_690)
        #expect(JobText.age(of: text, now: now) == age)
    }

    @Test func `a list shows where each job stands`() {
        var done = JobBody.sample("succeeded", step: 4220)
        var summary = TrainingSummary()
        summary.trainLoss = 0.25
        summary.validationAccuracy = 0.88
        done.summary = summary
        let other = JobBody.sample(
            "queued",
            step: 0,
            name: nil,
            id: "0197a3f2-5c1e-7000-8000-000000000001"
        )
        let now = Date(timeIntervalSince1970: 1_767_225_690)
        #expect(
            JobTable.lines([other, done], now: now, terminal: .sized(120, 24)) == [
                "ID             NAME            STATE       STEP   DONE  LOSS  VALIDATION  TEST         AGE",
                "0197a3f2-5c1e                  queued         0    0 %                          1 min 30 s",
                "0197a3f2-5c1d  fashion-cosine  succeeded  4,220  100 %  0.25        0.88        1 min 30 s",
            ]
        )
        #expect(JobTable.lines([], now: now, terminal: .sized(120, 24)) == ["no jobs"])
    }
}
