import Testing
import TrainingAPI

@testable import TrainingWorker

@Suite struct WorkerRunTests {
    @Test func `fits a failure's detail to the protocol`() {
        let long = "a\n\u{1}b" + String(repeating: "c", count: 3_000)
        let outcome = WorkerCompletion.Outcome.failed(code: "x", detail: long, isPermanent: true)
        guard case .failed("x", let detail, true) = outcome.sendable else {
            Issue.record("the outcome is another")
            return
        }
        #expect(detail.count == 2_000)
        #expect(detail.hasPrefix("a  bc"))
        let empty = WorkerCompletion.Outcome.failed(code: "x", detail: "", isPermanent: false)
        #expect(empty.sendable == .failed(code: "x", detail: "x", isPermanent: false))
        #expect(WorkerCompletion.Outcome.released.sendable == .released)
    }
}
