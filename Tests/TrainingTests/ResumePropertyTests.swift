import Foundation
import TestSupport
import Testing

@testable import Training

/// Trainings that are killed at random steps and go on from their last checkpoint.
@Suite struct ResumePropertyTests {
    private static let steps = 40

    /// Writes the session's checkpoint and reads it back, as another process would.
    private static func checkpoint(_ session: TrainingSession) throws -> TrainingState {
        let file = CheckpointFile(try session.captureState(), loop: "{}")
        var bytes = [UInt8](repeating: 0, count: file.byteCount)
        _ = bytes.withUnsafeMutableBytes { file.read(at: 0, into: $0) }
        let path = NSTemporaryDirectory() + "lehr-resume-\(UUID().uuidString)"
        try Data(bytes).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try CheckpointFile(path: path).state
    }

    @Test(arguments: FullPlan.allCases, 0..<8 as Range<UInt64>)
    func `ends in the bits of a run that nobody killed`(plan: FullPlan, seed: UInt64) throws {
        let whole = try plan.session()
        let losses = try whole.run(through: Self.steps)

        var generator = SeededGenerator(seed: seed)
        var session = try plan.session()
        var seen: [UInt64] = []
        while session.step < Self.steps {
            // A checkpoint somewhere, some updates that the kill will lose, and another process.
            seen += try session.run(
                through: .random(in: session.step...Self.steps, using: &generator)
            )
            let state = try Self.checkpoint(session)
            _ = try session.run(
                through: .random(in: session.step...Self.steps + 5, using: &generator)
            )
            session = try plan.session()
            try session.restore(state)
        }
        #expect(seen == losses)
        #expect(session.counters == whole.counters)
        #expect(session.stateBits == whole.stateBits)
        #expect(try session.evaluateTest() == whole.evaluateTest())
        #expect(try session.evaluateTestAtBest() == whole.evaluateTestAtBest())
    }

    @Test(arguments: FullPlan.allCases)
    func `gives the same bits three times, alone or beside another`(plan: FullPlan) async throws {
        @Sendable func train() throws -> [UInt32] {
            let session = try plan.session()
            let losses = try session.run(through: Self.steps)
            return session.stateBits + losses.map { UInt32(truncatingIfNeeded: $0) }
        }
        let alone = try (0..<3).map { _ in try train() }
        #expect(alone[1] == alone[0])
        #expect(alone[2] == alone[0])
        let both = try await withThrowingTaskGroup(of: [UInt32].self) { group in
            for _ in 0..<2 {
                group.addTask {
                    try await withCheckedThrowingContinuation { continuation in
                        // A thread of its own, as a worker has for a job.
                        Thread { continuation.resume(with: Result { try train() }) }.start()
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(both == [alone[0], alone[0]])
    }
}
