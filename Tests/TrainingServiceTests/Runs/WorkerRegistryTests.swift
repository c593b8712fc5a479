import Foundation
import Testing
import TrainingAPI

@testable import TrainingService

@Suite struct WorkerRegistryTests {
    private let registry = WorkerRegistry()
    private let start = Date(timeIntervalSince1970: 1_000_000)

    private func states(_ jobs: [String: String] = [:], after seconds: TimeInterval) -> [String] {
        registry.bodies(jobs: jobs, gpus: [:], term: 30, now: start + seconds).map {
            "\($0.name) \($0.state.rawValue)"
        }
    }

    @Test func `tells idle, busy and lost workers apart`() {
        for name in ["c", "a", "b"] {
            registry.heard(.test(name), isLocal: name == "a", at: start)
        }
        registry.heard("b", kind: "train", isLocal: false, at: start + 20)
        #expect(states(["b": "job"], after: 40) == ["a lost", "b busy", "c lost"])
        let bodies = registry.bodies(jobs: ["b": "job"], gpus: [:], term: 30, now: start)
        #expect(bodies.map(\.isLocal) == [true, false, false])
        #expect(bodies.map(\.jobID) == [nil, "job", nil])
        #expect(bodies[0].lastSeenAt == "1970-01-12T13:46:40.000000Z")
    }

    @Test func `lists a worker that is known by its reports alone`() {
        registry.heard("remote", kind: "train", isLocal: false, at: start)
        #expect(states(["remote": "job"], after: 1) == ["remote busy"])
        let bodies = registry.bodies(jobs: [:], gpus: [:], term: 30, now: start)
        #expect(bodies.first?.kinds == ["train"])
    }

    @Test func `forgets a worker that ended, and in time those that are silent`() {
        registry.heard(.test("a"), isLocal: true, at: start)
        registry.heard(.test("b"), isLocal: false, at: start)
        registry.forget("a")
        #expect(states(after: 599) == ["b lost"])
        registry.heard(.test("c"), isLocal: false, at: start + 600)
        #expect(states(after: 0) == ["c idle"])
    }
}
