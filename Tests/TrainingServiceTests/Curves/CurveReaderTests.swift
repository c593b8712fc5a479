import Foundation
import Jobs
import Testing
import TrainingAPI

@testable import TrainingService

@Suite struct CurveReaderTests {
    private typealias Curve = TrainingService.Curve

    private let test = TestService()

    /// A script's job that reported a value of each curve at every step.
    private func record(_ names: [String], steps: Int) throws -> JobRecord {
        var columns: [WorkerReport.Series] = []
        for (place, name) in names.enumerated() {
            let values = (0..<steps).map { Double(($0 + place) * 7_919 % 1_009) }
            columns.append(WorkerReport.Series(name: name, values: values))
        }
        let id = try test.submit(
            #"{"kind": "external", "schedule": {"learning_rate": 0.1}, "steps": \#(steps)}"#
        )
        let lease = try #require(
            try test.store.lease(
                Jobs.LeaseRequest(worker: "w", requestID: "r", kinds: ["external"], at: .init())
            )
        )
        var report = JobReport(key: lease.lease.key, sequence: 1, steps: 0..<steps)
        report.chunks = SeriesEncoding.chunks(
            of: WorkerReport(
                fence: lease.lease.key.fence,
                sequence: 1,
                fromStep: 0,
                toStep: steps,
                series: columns,
                updateSeconds: 1,
                seconds: 1,
                appliedDigest: ""
            )
        )
        _ = try test.store.report(report)
        return try test.store.job(id)
    }

    /// A script's job that has finished ten updates, and measured at steps of its own.
    private func record(measuring series: [WorkerReport.Series]) throws -> JobRecord {
        let id = try test.submit(
            #"{"kind": "external", "schedule": {"learning_rate": 0.1}, "steps": 10}"#
        )
        let lease = try #require(
            try test.store.lease(
                Jobs.LeaseRequest(worker: "w", requestID: "r", kinds: ["external"], at: .init())
            )
        )
        var report = JobReport(key: lease.lease.key, sequence: 1, steps: 0..<10)
        report.chunks = SeriesEncoding.chunks(
            of: WorkerReport(
                fence: lease.lease.key.fence,
                sequence: 1,
                fromStep: 0,
                toStep: 10,
                series: series,
                updateSeconds: 1,
                seconds: 1,
                appliedDigest: ""
            )
        )
        _ = try test.store.report(report)
        return try test.store.job(id)
    }

    /// A job that measured at far more steps than it has finished, some far apart.
    private func recordAhead() throws -> (record: JobRecord, curve: Curve) {
        let near = (0..<300_000).map { 1_000 + $0 }
        let steps = [5] + near + [40_000_000] + near.map { 700_000_000 + $0 * 100 }
        let values = steps.map { Double($0 % 1_009) }
        let series = WorkerReport.Series(name: "loss", steps: steps, values: values)
        return (try record(measuring: [series]), Curve(steps: steps, values: values))
    }

    @Test func `what a script measured past its job's step is read by windows too`() throws {
        let (record, curve) = try recordAhead()
        #expect(record.step == 10)
        let reader = CurveReader(test.store, record, in: 0..<1_000_000_001)
        let windows = try reader.windows(for: ["loss"])
        #expect(windows.count < 100)
        #expect(zip(windows, windows.dropFirst()).allSatisfy { $0.upperBound <= $1.lowerBound })
        var read = Curve()
        for window in windows {
            let piece = try reader.curves(["loss"], in: window).first?.curve ?? Curve()
            #expect(piece.count <= 262_144)
            read.append(piece)
        }
        #expect(read == curve)
        let thinned = try reader.thinned(["loss"], to: 100)
        #expect(thinned.map(\.count) == [curve.count])
        #expect(thinned.map(\.curve) == [curve.thinned(to: 100)])
    }

    @Test func `chunks that all reach far are not cut again and again`() throws {
        // Seventy curves of a chunk each, which reaches from the first step to the last.
        let steps = (1...4_096).map { $0 * 240_000 }
        let names = (0..<70).map { "m\($0)" }
        let record = try record(
            measuring: names.map { name in
                WorkerReport.Series(name: name, steps: steps, values: steps.map(Double.init))
            }
        )
        let reader = CurveReader(test.store, record, in: 0..<1_000_000_001)
        #expect(try reader.windows(for: names).count < 10)
        let thinned = try reader.thinned(names, to: 10)
        #expect(thinned.map(\.count) == names.map { _ in 4_096 })
    }

    @Test(arguments: [10, 262_143, 262_145, 600_000])
    func `windows hold every step once, whatever the length of the run`(steps: Int) throws {
        let record = try record(["loss"], steps: steps)
        let reader = CurveReader(test.store, record, in: 0..<steps + 1)
        for count in [1, 3, 100_000] where steps == 10 || count < 4 {
            let names = (0..<count).map { "\($0)" }
            let windows = try reader.windows(for: names)
            #expect(windows.map(Array.init).joined().elementsEqual(0..<steps + 1))
            #expect(windows.allSatisfy { $0.count * count <= max(262_144, 4_096 * count) })
        }
    }

    @Test(arguments: [10, 262_145, 600_000])
    func `a curve that is thinned by windows is the whole one thinned`(steps: Int) throws {
        let record = try record(["a", "loss"], steps: steps)
        let reader = CurveReader(test.store, record, in: 0..<steps + 1)
        let thinned = try reader.thinned(["loss", "none", "a"], to: 100)
        #expect(thinned.map(\.name) == ["a", "loss"])
        #expect(thinned.map(\.count) == [steps, steps])
        for (place, curve) in thinned.map(\.curve).enumerated() {
            let values = (0..<steps).map { Double(($0 + place) * 7_919 % 1_009) }
            #expect(curve == Curve(steps: Array(0..<steps), values: values).thinned(to: 100))
        }
    }

    @Test func `rows by windows are the rows of the whole`() throws {
        let steps = 300_000
        let record = try record(["loss"], steps: steps)
        let reader = CurveReader(test.store, record, in: 0..<steps + 1)
        var sources = try [reader.windows(for: ["loss"]), [0..<steps + 1]].map { windows in
            try MetricsSource(windows: windows) { window, hasHeading in
                MetricsRows(
                    format: .csv,
                    names: ["loss"],
                    curves: try reader.curves(["loss"], in: window),
                    stepsPerEpoch: 1,
                    hasHeading: hasHeading
                )
            }
        }
        var texts: [[UInt8]] = [[], []]
        for place in sources.indices {
            while let piece = try sources[place].next(1_024) { texts[place] += piece }
        }
        #expect(texts[0] == texts[1])
        #expect(texts[0].count { $0 == UInt8(ascii: "\n") } == steps + 1)
    }
}
