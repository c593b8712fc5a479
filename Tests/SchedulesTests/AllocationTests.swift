import AllocationCount
import Foundation
import Schedules
import Testing

@Suite struct AllocationTests {
    @Test(
        .enabled(if: allocations_are_counted()),
        arguments: [
            #"{"type": "constant", "learning_rate": 0.1}"#,
            #"{"type": "cosine", "learning_rate": 0.1, "warmup": {"length": "5%"}}"#,
            #"{"type": "one_cycle", "learning_rate": 0.1, "momentum": {"high": 0.9, "low": 0.8}}"#,
            #"{"type": "cosine_restarts", "learning_rate": 0.1, "first_cycle": "7ba"}"#,
            #"{"type": "reduce_on_plateau", "learning_rate": 0.1}"#,
            """
            {"type": "sequence", "learning_rate": 0.1, "phases": [
                {"type": "chebyshev", "length": "100ba"}, {"type": "tanh", "length": "100ba"},
                {"type": "product", "factors": [{"type": "noam"}, {"type": "rex"}]}]}
            """,
            """
            {"library": "torch", "name": "OneCycleLR", "learning_rate": 0.1,
                "params": {"max_lr": 0.1, "total_steps": 1000}}
            """,
        ]
    )
    func `no step asks for memory`(json: String) throws {
        let rates = try JSONDecoder().decode(RunSchedule.self, from: Data(json.utf8))
            .resolve(for: makeRun(1000))
        let before = allocation_count()
        var sum = 0.0
        for step in 0..<1000 { sum += rates.rate(at: step) + (rates.momentum(at: step) ?? 0) }
        #expect(allocation_count() == before)
        #expect(sum > 0)
        _ = [UInt8](repeating: 1, count: Int(sum.rounded(.up)))
        #expect(allocation_count() > before, "allocations are not seen")
    }
}
