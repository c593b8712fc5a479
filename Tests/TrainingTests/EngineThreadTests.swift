import Foundation
import Testing

@testable import Training

@Suite struct EngineThreadTests {
    @Test func `takes subnormal numbers as 0 inside and gives the mode back`() {
        let least = [Float.leastNonzeroMagnitude, 1]
        func product() -> Float { least.reduce(1, *) }
        let before = product()
        let inside = EngineThread.compute { product() }
        #expect(before == .leastNonzeroMagnitude)
        #expect(inside == 0)
        #expect(product() == .leastNonzeroMagnitude)
    }

    @Test(arguments: [0, 1, 5])
    func `pins a thread to one processor`(index: Int) async throws {
        // A thread of its own, so that no other test is pinned.
        let status = try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        try EngineThread.pin(toProcessor: index)
                        return try String(
                            contentsOfFile: "/proc/thread-self/status",
                            encoding: .utf8
                        )
                    }
                )
            }
        }
        let list = status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") }
        let processors = try #require(list).split(separator: "\t").last
        #expect(Int(try #require(processors)) != nil, "one number, no range: \(processors ?? "")")
    }
}
