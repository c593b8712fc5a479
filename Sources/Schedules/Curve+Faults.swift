extension Curve {
    /// What is wrong with the curve under a peak: targets that relate to it, phases that inherit it.
    func faults(peak: Double) -> [ScheduleError] {
        parameters.sorted { $0.key < $1.key }.flatMap { name, value -> [ScheduleError] in
            guard case .phases(let phases) = value else { return [] }
            return phases.enumerated().flatMap { index, phase in
                phase.faults(peak: peak).map {
                    $0.prefixed(by: FieldPath([.key(name), .index(index)]))
                }
            }
        }
    }
}
