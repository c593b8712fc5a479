/// The answers of a library's scheduler, one per call.
struct SampledRates: Hashable, Sendable {
    /// The rate of each call; at least one.
    let rates: [Double]
    /// The momentum of each call; `nil` where the scheduler does not move it.
    let momenta: [Double]?
    /// The optimizer updates between calls; at least 1.
    let stepsPerCall: Int

    func rate(at step: Int) -> Double { rates[place(of: step)] }

    func momentum(at step: Int) -> Double? { momenta?[place(of: step)] }

    private func place(of step: Int) -> Int { min(step / stepsPerCall, rates.count - 1) }
}
