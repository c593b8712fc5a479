import Dispatch
import Foundation
import Synchronization
import TestSupport
import Testing

@testable import HTTP
@testable import TrainingService

@Suite(.timeLimit(.minutes(5))) struct ExportPoolTests {
    @Test func `an answer that is not done yet waits behind the others that are not`() {
        let pool = ExportPool(threads: 2)
        let isOver = Atomic(false)
        let long = (0..<8).map { _ in ExportTurns(in: pool) }
        for turns in long { turns.wake { !isOver.load(ordering: .relaxed) } }
        let done = DispatchSemaphore(value: 0)
        let short = ExportTurns(in: pool)
        short.wake {
            done.signal()
            return false
        }
        #expect(done.wait(timeout: .now() + 240) == .success)
        isOver.store(true, ordering: .relaxed)
    }

    @Test func `the turns of one answer are never two at once, and no waking is lost`() {
        let pool = ExportPool(threads: 4)
        let turns = ExportTurns(in: pool)
        let running = Atomic(0)
        let most = Atomic(0)
        let woken = Atomic(0)
        let seen = Atomic(0)
        let wakes = 20_000
        let end = DispatchSemaphore(value: 0)
        let turn = { @Sendable () -> Bool in
            let count = running.add(1, ordering: .acquiringAndReleasing).newValue
            most.max(count, ordering: .relaxed)
            let found = woken.load(ordering: .acquiring)
            seen.store(found, ordering: .releasing)
            running.subtract(1, ordering: .acquiringAndReleasing)
            if found == wakes { end.signal() }
            return false
        }
        DispatchQueue.concurrentPerform(iterations: wakes) { _ in
            woken.add(1, ordering: .acquiringAndReleasing)
            turns.wake(turn)
        }
        #expect(end.wait(timeout: .now() + 240) == .success)
        let (last, together) = (seen.load(ordering: .acquiring), most.load(ordering: .relaxed))
        #expect(last == wakes)
        #expect(together == 1)
    }

    @Test func `no more pieces are made at once than the pool has threads`() {
        let pool = ExportPool(threads: 3)
        let running = Atomic(0)
        let most = Atomic(0)
        let group = DispatchGroup()
        for _ in 0..<200 {
            group.enter()
            pool.add {
                let count = running.add(1, ordering: .acquiringAndReleasing).newValue
                most.max(count, ordering: .relaxed)
                Thread.sleep(forTimeInterval: 0.0001)
                running.subtract(1, ordering: .acquiringAndReleasing)
                group.leave()
            }
        }
        group.wait()
        let together = most.load(ordering: .relaxed)
        #expect((1...3).contains(together))
    }

    @Test func `an export whose rows are long in coming holds up no other`() async throws {
        let pool = ExportPool(threads: 2)
        let (begun, release) = (AsyncStream<Void>.makeStream(), DispatchSemaphore(value: 0))
        @Sendable func rows(_ count: Int) -> MetricsRows {
            let curve = Curve(steps: [Int](0..<count), values: [Double](repeating: 1, count: count))
            return MetricsRows(
                format: .csv,
                names: ["loss"],
                curves: [("loss", curve)],
                stepsPerEpoch: 1
            )
        }
        var router = Router()
        router.streaming(.get, "/slow") { _, stream in
            let source = MetricsSource(windows: [0..<1, 1..<2]) { window, isFirst in
                if !isFirst {
                    begun.continuation.yield()
                    release.wait()
                }
                return rows(1)
            }
            MetricsExport(source, "text/csv", stream: stream, pool: pool).begin()
        }
        router.streaming(.get, "/quick") { _, stream in
            let source = MetricsSource(windows: [0..<1]) { _, _ in rows(5_000) }
            MetricsExport(source, "text/csv", stream: stream, pool: pool).begin()
        }
        let server = HTTPServer(router: router)
        let client = HTTPClient(port: try server.start())
        async let slow = client.get("/slow")
        for await _ in begun.stream { break }
        let quick = try await client.get("/quick")
        #expect(quick.body.count { $0 == UInt8(ascii: "\n") } == 5_001)
        release.signal()
        #expect(try await slow.body.count { $0 == UInt8(ascii: "\n") } == 4)
    }
}
