import Testing

@testable import TrainingWorker

@Suite struct PatienceTests {
    @Test func `lasts from when last more had come than ever before`() async {
        var configuration = WorkerConfiguration(name: "worker-1", cacheFolder: "/nowhere")
        configuration.patience = .seconds(10)
        let began = ContinuousClock.now
        var patience = Patience(configuration, now: began)
        func waits(_ received: Int, _ seconds: Int) async -> Bool {
            await patience.wait(received: received, stopped: nil, now: began + .seconds(seconds))
        }
        #expect(await waits(0, 9))
        #expect(await waits(5, 20))
        #expect(await waits(5, 29))
        // Another file begins anew; only where it comes further than the first is that progress.
        #expect(await !waits(3, 30))
        #expect(await !waits(5, 40))
        #expect(await waits(6, 50))
    }

    @Test func `is shorter for a worker that was told to stop`() async {
        let configuration = WorkerConfiguration(name: "worker-1", cacheFolder: "/nowhere")
        let now = ContinuousClock.now
        var patience = Patience(configuration, now: now)
        let stopped = now - configuration.stopPatience
        #expect(await !patience.wait(received: 0, stopped: stopped, now: now))
    }
}
