import Jobs
import Testing
import TrainingAPI

@testable import TrainingService

@Suite struct SeriesEncodingTests {
    /// A report of steps 0..<10 with a validation at count 10 and one before the first step.
    private static let report = WorkerReport(
        fence: 1,
        sequence: 1,
        fromStep: 0,
        toStep: 10,
        series: [
            .init(name: "train_loss", values: (0..<10).map { Double($0) }),
            .init(name: "validation_loss", steps: [0, 10], values: [2, 1]),
            .init(name: "nothing", steps: [], values: []),
        ],
        updateSeconds: 1,
        seconds: 1,
        appliedDigest: ""
    )

    /// The curves of the report where only the updates `live` count, in the steps `shown`.
    private func curves(live: Range<Int>, shown: Range<Int>) throws -> [String: [Int]] {
        let asked = SeriesEncoding.updates(showing: shown)
        let segments = SeriesEncoding.chunks(of: Self.report).compactMap { chunk in
            let steps = chunk.steps.clamped(to: live).clamped(to: asked)
            return steps.isEmpty ? nil : SeriesSegment(chunk: chunk, fence: 1, steps: steps)
        }
        let curves = try SeriesEncoding.curves(of: segments, in: shown)
        return Dictionary(uniqueKeysWithValues: curves.map { ($0.name, $0.curve.steps) })
    }

    @Test func `stores a point with the update before its count`() {
        let chunks = SeriesEncoding.chunks(of: Self.report)
        #expect(chunks.map(\.series) == ["train_loss", "validation_loss"])
        #expect(chunks.map(\.steps) == [0..<10, 0..<10])
        #expect(chunks.map(\.count) == [10, 2])
    }

    @Test func `shows every point of a run that counts whole`() throws {
        let curves = try curves(live: 0..<10, shown: 0..<11)
        #expect(curves == ["train_loss": Array(0..<10), "validation_loss": [0, 10]])
    }

    @Test func `keeps the validation at the step from which a later run resumes`() throws {
        #expect(try curves(live: 0..<10, shown: 0..<100)["validation_loss"] == [0, 10])
        #expect(try curves(live: 0..<9, shown: 0..<100)["validation_loss"] == [0])
        #expect(try curves(live: 0..<9, shown: 0..<100)["train_loss"] == Array(0..<9))
    }

    @Test func `takes the first step asked for and leaves the last one out`() throws {
        #expect(try curves(live: 0..<10, shown: 10..<11) == ["validation_loss": [10]])
        #expect(try curves(live: 0..<10, shown: 0..<10)["validation_loss"] == [0])
        #expect(try curves(live: 0..<10, shown: 3..<5) == ["train_loss": [3, 4]])
    }

    @Test func `joins the chunks of a series`() throws {
        var second = Self.report
        second.fromStep = 10
        second.toStep = 12
        second.series = [.init(name: "train_loss", values: [10, 11])]
        let chunks = [
            SeriesEncoding.chunks(of: Self.report)[0], SeriesEncoding.chunks(of: second)[0],
        ]
        let segments = chunks.map { SeriesSegment(chunk: $0, fence: 1, steps: $0.steps) }
        let curves = try SeriesEncoding.curves(of: segments, in: 0..<12)
        #expect(curves.map(\.name) == ["train_loss"])
        #expect(curves[0].curve.values == (0..<12).map { Double($0) })
    }
}
