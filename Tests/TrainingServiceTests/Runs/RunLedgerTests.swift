import Schedules
import Testing
import TrainingAPI

@testable import TrainingService

@Suite struct RunLedgerTests {
    private func ledger(
        _ schedule: String = #"{"type": "cosine", "learning_rate": 0.1}"#,
        totalSteps: Int = 100_000,
        stepsPerEpoch: Int = 1_000,
        interval: Int = 1_000,
        standing: RunLedger.Standing = .init(resumeStep: 0, grantedThrough: 0, reportedThrough: 0)
    ) throws -> RunLedger {
        RunLedger(
            rates: try Sample.rates(
                schedule,
                totalSteps: totalSteps,
                stepsPerEpoch: stepsPerEpoch
            ),
            momentum: 0.9,
            evaluationInterval: interval,
            standing: standing
        )
    }

    /// A report of all that is granted.
    private func report(
        _ ledger: RunLedger,
        updateSeconds: Double,
        points: [(name: String, step: Int, value: Double)] = []
    ) -> WorkerReport {
        let steps = ledger.reportedThrough..<ledger.grantedThrough
        var report = Sample.report(
            ledger.sequence + 1,
            steps,
            of: ledger.grant(of: steps),
            points: points
        )
        report.updateSeconds = updateSeconds
        return report
    }

    @Test func `grants the rates of the schedule to the bit`() throws {
        var ledger = try ledger()
        let granted = ledger.nextGrant()
        let grant = try #require(granted)
        let rates = ledger.rates
        #expect(grant.fromStep == 0)
        #expect(grant.momenta == nil)
        #expect(
            grant.learningRates.map(\.bitPattern)
                == (0..<grant.toStep).map { rates.rate(at: $0).bitPattern }
        )
    }

    @Test func `grants momenta for every step once the schedule moves one`() throws {
        let phases = """
            {"type": "sequence", "learning_rate": 0.1, "phases": [
              {"type": "constant", "length": {"steps": 10}},
              {"type": "one_cycle"}]}
            """
        let ledger = try ledger(phases, totalSteps: 90, stepsPerEpoch: 30)
        #expect(ledger.rates.momentum(at: 0) == nil)
        #expect(ledger.grant(of: 0..<10).momenta == nil)
        let momenta = try #require(ledger.grant(of: 5..<20).momenta)
        #expect(momenta[0] == 0.9)
        #expect(momenta[14] == ledger.rates.momentum(at: 19))
    }

    @Test func `grants two seconds ahead, within limits`() throws {
        var ledger = try ledger(totalSteps: 1_000_000)
        #expect(ledger.nextGrant()?.toStep == 256)
        _ = ledger.receive(report(ledger, updateSeconds: 0.256))
        #expect(ledger.stepsPerSecond == 1_000)
        #expect(ledger.nextGrant()?.toStep == 256 + 2_000)
        _ = ledger.receive(report(ledger, updateSeconds: 1e-6))
        #expect(ledger.nextGrant()?.toStep == 2_256 + 65_536)
        _ = ledger.receive(report(ledger, updateSeconds: 1e9))
        #expect(ledger.nextGrant()?.toStep == 67_792 + 256)
    }

    @Test func `grants a fast run no more than half of its rest, so that it can be edited`() throws
    {
        var ledger = try ledger(totalSteps: 10_000)
        #expect(ledger.nextGrant()?.toStep == 256)
        var ends: [Int] = []
        while true {
            _ = ledger.receive(report(ledger, updateSeconds: 1e-6))
            guard let end = ledger.nextGrant()?.toStep else { break }
            ends.append(end)
        }
        #expect(ends.prefix(3) == [5_128, 7_564, 8_782])
        #expect(ends.last == 10_000)
        #expect(zip(ends, ends.dropFirst()).allSatisfy { $1 - $0 >= 256 || $1 == 10_000 })
    }

    @Test func `grants nothing past the last step`() throws {
        var ledger = try ledger(totalSteps: 100)
        #expect(ledger.nextGrant()?.toStep == 100)
        #expect(ledger.nextGrant() == nil)
        _ = ledger.receive(report(ledger, updateSeconds: 1))
        #expect(ledger.nextGrant() == nil)
    }

    @Test func `cuts a grant where the next report of the monitor may change the rate`() throws {
        var ledger = try ledger(Sample.plateau, interval: 100)
        #expect(ledger.nextGrant()?.toStep == 100)
        _ = ledger.receive(report(ledger, updateSeconds: 0.001))
        #expect(ledger.nextGrant() == nil)
        let late = WorkerReport(
            fence: 1,
            sequence: 2,
            fromStep: 100,
            toStep: 100,
            series: [.init(name: "validation_loss", steps: [100], values: [0.5])],
            updateSeconds: 0.001,
            seconds: 1,
            appliedDigest: Sample.digest([])
        )
        _ = ledger.receive(late)
        #expect(ledger.nextGrant()?.toStep == 200)
    }

    @Test func `cuts grants at epochs where the training loss moves the rate`() throws {
        let schedule = Sample.plateau.replacing("validation_loss", with: "train_loss")
        var ledger = try ledger(schedule, stepsPerEpoch: 50, interval: 7)
        #expect(ledger.nextGrant()?.toStep == 50)
        let points = [("epoch_train_loss", 50, 0.5)]
        _ = ledger.receive(report(ledger, updateSeconds: 0.001, points: points))
        #expect(ledger.nextGrant()?.toStep == 100)
    }

    @Test func `turns reports of the monitor into reductions`() throws {
        var ledger = try ledger(Sample.plateau, interval: 100)
        var events: [RateEvent] = []
        for (step, loss) in [(100, 0.5), (200, 0.4), (300, 0.4)] {
            _ = ledger.nextGrant()
            let points = [("validation_loss", step, loss)]
            events += ledger.receive(report(ledger, updateSeconds: 1, points: points))
        }
        #expect(events.map(\.step) == [300])
        #expect(events.map(\.after) == [0.05])
        #expect(ledger.nextGrant()?.learningRates == Array(repeating: 0.05, count: 100))
        #expect(ledger.rates.rate(at: 299) == 0.1)
    }

    @Test func `takes up a run from what was granted, during a warm-up too`() throws {
        let schedule = Sample.plateau.replacing(
            "\"factor\"",
            with: #""warmup": {"length": {"steps": 3000}}, "factor""#
        )
        let standing = RunLedger.Standing(
            resumeStep: 0,
            grantedThrough: 1_756,
            reportedThrough: 1_700
        )
        var ledger = try ledger(schedule, standing: standing)
        _ = ledger.receive(report(ledger, updateSeconds: 10))
        #expect(ledger.nextGrant()?.toStep == 2_000)
    }

    @Test func `counts the steps of a report whose digest is another`() throws {
        var ledger = try ledger()
        _ = ledger.nextGrant()
        var wrong = report(ledger, updateSeconds: 1)
        _ = ledger.receive(wrong)
        #expect(ledger.mismatches == 0)
        _ = ledger.nextGrant()
        wrong = report(ledger, updateSeconds: 1)
        wrong.appliedDigest = Sample.digest([(0.1, 0.9)])
        let count = wrong.toStep - wrong.fromStep
        _ = ledger.receive(wrong)
        #expect(count > 0)
        #expect(ledger.mismatches == count)
    }

    @Test func `digests rates and momenta as big-endian doubles`() throws {
        let ledger = try ledger(#"{"type": "constant", "learning_rate": 0.1}"#)
        // Python: sha256(struct.pack(">dd", 0.1, 0.9) * 3).hexdigest()
        #expect(
            ledger.digest(of: 0..<3)
                == "e3f2e7d3b05b80ba2f6cfefb11c1f8334fa2ffe7016e33b307818ff90ae16428"
        )
    }

    @Test func `estimates the time left from the wall time so far`() throws {
        var ledger = try ledger(totalSteps: 1_024)
        _ = ledger.nextGrant()
        var half = report(ledger, updateSeconds: 1)
        half.seconds = 4
        _ = ledger.receive(half)
        #expect(ledger.secondsLeft == 12)
        #expect(ledger.summary.seconds == 4)
        #expect(ledger.summary.stepsPerSecond == 256)
    }

    @Test func `keeps the summary that it takes up until newer values come`() throws {
        var standing = RunLedger.Standing(resumeStep: 0, grantedThrough: 50, reportedThrough: 20)
        standing.summary.validationLoss = 0.25
        standing.summary.trainLoss = 0.5
        var ledger = try ledger(standing: standing)
        let points = [("epoch_train_loss", 50, 0.4)]
        _ = ledger.receive(report(ledger, updateSeconds: 1, points: points))
        #expect(ledger.summary.validationLoss == 0.25)
        #expect(ledger.summary.trainLoss == 0.4)
    }

    @Test func `names what is wrong with a report`() throws {
        var ledger = try ledger()
        _ = ledger.nextGrant()
        #expect(ledger.faults(in: report(ledger, updateSeconds: 1)).isEmpty)
        let wrong = WorkerReport(
            fence: 1,
            sequence: 1,
            fromStep: 5,
            toStep: 1_000_000_000,
            series: [
                .init(name: "a", steps: [4], values: [1]), .init(name: "a", steps: [], values: []),
            ],
            updateSeconds: 1,
            seconds: 1,
            appliedDigest: ""
        )
        #expect(
            ledger.faults(in: wrong).map(\.pointer)
                == ["/from_step", "/to_step", "/series/0/steps", "/series/1/name"]
        )
    }
}
