import Foundation
import Synchronization
import Testing
import TrainingAPI

@testable import TrainingWorker

@Suite(.timeLimit(.minutes(5))) struct RunChannelTests {
    private static let farEnd = ContinuousClock.now + .seconds(3_600)

    private func channel(
        _ grant: Grant = Grant(fromStep: 0, learningRates: [0.1, 0.2]),
        leaseEnd: ContinuousClock.Instant = farEnd,
        reportSteps: Int = 4_096,
        wake: @escaping @Sendable () -> Void = {}
    ) -> RunChannel {
        RunChannel(grant: grant, leaseEnd: leaseEnd, reportSteps: reportSteps, wake: wake)
    }

    private func update(rate: Double = 0.1) -> RunChannel.Update {
        RunChannel.Update(
            learningRate: rate,
            momentum: 0.9,
            loss: 1,
            gradientNorm: 1,
            updateToWeightRatio: 0.001,
            rows: 1,
            seconds: 1,
            elapsed: 2
        )
    }

    /// Asks for a rate that must block, on a thread of its own, has `unblock` done once it asks, and
    /// gives the rate.
    private func blockedRate(
        at step: Int,
        grant: Grant = Grant(fromStep: 0, learningRates: [0.1, 0.2]),
        leaseEnd: ContinuousClock.Instant = farEnd,
        prepare: (RunChannel) -> Void = { _ in },
        unblock: (RunChannel) -> Void
    ) async -> RunChannel.Rate? {
        let (wakes, wake) = AsyncStream<Void>.makeStream()
        let channel = channel(grant, leaseEnd: leaseEnd) { wake.yield() }
        prepare(channel)
        let (rates, answer) = AsyncStream<RunChannel.Rate?>.makeStream()
        Thread { answer.yield(channel.rate(at: step)) }.start()
        for await _ in wakes { break }
        unblock(channel)
        for await rate in rates { return rate }
        return nil
    }

    @Test func `gives each step the rate that it was granted`() {
        let channel = channel(Grant(fromStep: 5, learningRates: [0.1, 0.2], momenta: [0.8, 0.9]))
        #expect(channel.rate(at: 5)?.learningRate == 0.1)
        #expect(channel.rate(at: 6)?.learningRate == 0.2)
        #expect(channel.rate(at: 6)?.momentum == 0.9)
    }

    @Test func `joins a grant that reaches back to the one before`() {
        let channel = channel()
        channel.extend(
            Grant(fromStep: 1, learningRates: [0.2, 0.3], momenta: [0.7, 0.8]),
            leaseEnd: Self.farEnd
        )
        channel.extend(Grant(fromStep: 3, learningRates: [0.4]), leaseEnd: Self.farEnd)
        #expect((0..<4).map { channel.rate(at: $0)?.learningRate } == [0.1, 0.2, 0.3, 0.4])
        #expect((0..<4).map { channel.rate(at: $0)?.momentum } == [nil, nil, 0.8, nil])
    }

    @Test func `drops the rates of steps long past and keeps those to come`() {
        let count = 70_000
        let rates = (0..<count).map(Double.init)
        let channel = channel(Grant(fromStep: 0, learningRates: rates))
        for _ in 0..<count { channel.record(update()) }
        channel.extend(Grant(fromStep: count, learningRates: [0.5]), leaseEnd: Self.farEnd)
        #expect(channel.rate(at: count)?.learningRate == 0.5)
    }

    @Test func `waits for a grant, and asks for a report meanwhile`() async {
        let rate = await blockedRate(at: 2) { channel in
            channel.extend(Grant(fromStep: 2, learningRates: [0.3]), leaseEnd: Self.farEnd)
        }
        #expect(rate?.learningRate == 0.3)
    }

    @Test func `stops stepping at the end of the lease until that is renewed`() async {
        let rate = await blockedRate(at: 0, leaseEnd: .now) { channel in
            channel.extend(nil, leaseEnd: Self.farEnd)
        }
        #expect(rate?.learningRate == 0.1)
    }

    @Test func `waits while too many metrics are not reported`() async {
        let rate = await blockedRate(at: 0) { channel in
            let count = RunChannel.bufferLimit / 16
            for step in 0..<count { channel.record(at: step, [("value", 1)]) }
        } unblock: { channel in
            #expect(channel.drain().batch.byteCount == RunChannel.bufferLimit)
        }
        #expect(rate?.learningRate == 0.1)
    }

    @Test(arguments: [RunChannel.Stop.release, .leaseLost])
    func `ends a wait when the run must stop`(reason: RunChannel.Stop) async {
        let rate = await blockedRate(at: 2) { $0.stop(reason) }
        #expect(rate == nil)
    }

    @Test func `gives no rate once it was stopped, granted or not`() {
        let channel = channel()
        channel.stop(.release)
        #expect(channel.rate(at: 0) == nil)
        #expect(channel.stopReason == .release)
    }

    @Test func `knows a lost lease whatever else stopped it`() {
        let channel = channel()
        channel.stop(.release)
        channel.stop(.leaseLost)
        channel.stop(.release)
        #expect(channel.stopReason == .leaseLost)
    }

    @Test func `hands out what was noted once and in order`() {
        let channel = channel()
        channel.record(update(rate: 0.1))
        channel.record(at: 1, [("validation_loss", 0.5)])
        let first = channel.drain().batch
        #expect((first.fromStep, first.toStep) == (0, 1))
        #expect(first.series.map(\.name).contains("validation_loss"))
        #expect(channel.drain().batch.isEmpty)
        channel.record(update(rate: 0.2))
        let second = channel.drain().batch
        #expect((second.fromStep, second.toStep) == (1, 2))
        #expect(second.updateSeconds == 2)
    }

    @Test func `asks for a report when there are enough steps for one`() {
        let wakes = Mutex(0)
        let channel = channel(reportSteps: 3) { wakes.withLock { $0 += 1 } }
        for expected in [0, 0, 1, 1] {
            channel.record(update())
            #expect(wakes.withLock { $0 } == expected)
        }
    }
}
