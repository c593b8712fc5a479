import Jobs
import Testing
import TrainingAPI

@testable import TrainingService

@Suite(.timeLimit(.minutes(5)))
struct ReadinessProbeTests {
    private let store = FaultyStore()

    /// What the probe says; nil where the store can be written.
    private func verdict(of probe: ReadinessProbe) -> Problem? {
        do {
            try probe.check()
            return nil
        } catch {
            return error
        }
    }

    @Test func `a store that can be written is ready`() {
        #expect(verdict(of: ReadinessProbe(store, patience: .seconds(240))) == nil)
    }

    @Test func `a store that cannot be written is not ready, and says why`() {
        store.fail("probe", .before)
        let verdict = verdict(of: ReadinessProbe(store, patience: .seconds(240)))
        #expect(verdict?.status == 503)
        #expect(verdict?.detail == "The disk is gone.")
    }

    @Test func `a store that hangs is not ready, however many ask, and is again once it goes on`() {
        let hold = FaultyStore.Hold()
        store.fail("probe", .held(hold))
        let probe = ReadinessProbe(store, patience: .milliseconds(50))
        for _ in 1...3 {
            let verdict = verdict(of: probe)
            #expect(verdict?.status == 503)
            #expect(
                verdict?.detail.hasPrefix("The store has not finished a write for ") == true
            )
        }
        while hold.arrivals == 0 {}
        // Nobody starts a second write behind one that hangs.
        #expect(hold.arrivals == 1)
        store.fail("probe", nil)
        hold.release()
        while verdict(of: probe) != nil {}
    }
}
