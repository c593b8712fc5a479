internal import Foundation
internal import Schedules

extension RunLedger {
    /// What a run that ends after `step` updates has not done of its schedule, as a sentence; `nil` where
    /// the learning rate would not have fallen any further.
    func unfinishedFall(at step: Int) -> String? {
        let run = rates.resolved.run
        guard (1..<run.totalSteps).contains(step) else { return nil }
        let (last, end) = (rates.rate(at: step - 1), rates.rate(at: run.totalSteps - 1))
        // Below this the two are the same but for rounding.
        guard last > end * (1 + 1e-9) else { return nil }
        return "The learning rate was still \(Self.text(last)) and would have fallen to"
            + " \(Self.text(end)): a fall that is not finished hides what it would have gained."
    }

    /// A rate to three digits.
    private static func text(_ rate: Double) -> String {
        String(format: "%.3g", rate)
    }
}
