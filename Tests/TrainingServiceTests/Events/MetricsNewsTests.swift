import Foundation
import Jobs
import Testing
import TrainingAPI

@testable import TrainingService

@Suite struct MetricsNewsTests {
    private let date = Date(timeIntervalSince1970: 1_800_000_000)

    private func report(_ steps: Range<Int>, _ values: [String: Double]) -> WorkerReport {
        WorkerReport(
            fence: 1,
            sequence: 1,
            fromStep: steps.lowerBound,
            toStep: steps.upperBound,
            series: values.map { .init(name: $0, steps: [steps.upperBound], values: [$1]) },
            updateSeconds: 1,
            seconds: 1,
            appliedDigest: ""
        )
    }

    @Test func `tells at most four times in a second, and then all that it held back`() throws {
        var news = MetricsNews()
        let now = ContinuousClock.now
        var told: [JobEventDraft] = []
        for index in 0..<20 {
            let values = index == 5 ? ["validation_loss": 0.25] : ["train_loss": Double(index)]
            news.note(report(index * 10..<index * 10 + 10, values), secondsLeft: 3)
            let draft = news.draft(now: now + .milliseconds(index * 100), at: date)
            if let draft { told.append(draft) }
        }
        let documents = try told.map { try JSONReader.read($0.payload).document }
        let ranges = documents.map { [$0["from_step"]?.integer, $0["to_step"]?.integer] }
        #expect(
            ranges == [
                [0, 10], [10, 20], [20, 30], [30, 40], [40, 110], [110, 120], [120, 130],
                [130, 140],
            ]
        )
        #expect(documents[4]["values"]?["validation_loss"]?.double == 0.25)
        #expect(documents[4]["values"]?["train_loss"]?.double == 10)
        #expect(documents[4]["seconds_left"]?.double == 3)
    }

    @Test func `tells the rest when the run ends, and nothing without news`() {
        var news = MetricsNews()
        let now = ContinuousClock.now
        #expect(news.draft(now: now, at: date, isLast: true) == nil)
        for step in 0..<5 {
            news.note(report(step..<step + 1, ["train_loss": 1]), secondsLeft: nil)
            _ = news.draft(now: now, at: date)
        }
        #expect(news.draft(now: now, at: date) == nil)
        #expect(news.draft(now: now, at: date, isLast: true) != nil)
        #expect(news.draft(now: now, at: date, isLast: true) == nil)
        news.note(report(5..<5, [:]), secondsLeft: nil)
        #expect(news.draft(now: now, at: date, isLast: true) == nil)
    }
}
