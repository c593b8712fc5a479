import Testing

@testable import TrainingWorker

@Suite struct WorkerConfigurationTests {
    private let configuration = WorkerConfiguration(name: "w", cacheFolder: "/tmp")
    private let start = ContinuousClock.now

    @Test func `is patient with a silent server for ten minutes`() {
        func isPatient(after seconds: Int) -> Bool {
            configuration.isPatient(since: start, stopped: nil, now: start + .seconds(seconds))
        }
        #expect(isPatient(after: 599))
        #expect(!isPatient(after: 600))
    }

    @Test func `is patient for seconds once it was told to stop`() {
        func isPatient(after seconds: Int) -> Bool {
            configuration.isPatient(
                since: start,
                stopped: start + .seconds(10),
                now: start + .seconds(seconds)
            )
        }
        #expect(isPatient(after: 14))
        #expect(!isPatient(after: 15))
    }
}
