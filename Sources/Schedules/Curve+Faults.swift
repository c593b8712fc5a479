extension Curve {
    /// What is wrong with the curve under a peak: targets that relate to it, phases that inherit it.
    func faults(peak: Double) -> [ScheduleError] {
        parameters.sorted { $0.key < $1.key }.flatMap { name, value -> [ScheduleError] in
            let path = FieldPath([.key(name)])
            switch value {
            case .phases(let phases):
                return phases.enumerated().flatMap { index, phase in
                    phase.faults(peak: peak).map { $0.prefixed(by: path.appending(index)) }
                }
            case .factors(let factors):
                return factors.enumerated().flatMap { index, factor in
                    factor.faults(peak: 1).map { $0.prefixed(by: path.appending(index)) }
                }
            default: return []
            }
        }
    }
}
