extension Curve {
    /// What is wrong with the curve under a peak and over a floor: targets that relate to them, phases that
    /// inherit them.
    func faults(peak: Double, floor: Double?) -> [ScheduleError] {
        type.checkUnderPeak(arguments, peak, floor)
            + parameters.sorted { $0.key < $1.key }.flatMap { name, value -> [ScheduleError] in
                let path = FieldPath([.key(name)])
                switch value {
                case .target(let target):
                    return target.faults(peak: peak).map { $0.prefixed(by: path) }
                case .targets(let targets):
                    return targets.enumerated().flatMap { index, target in
                        target.faults(peak: peak).map { $0.prefixed(by: path.appending(index)) }
                    }
                case .knots(let knots):
                    return knots.enumerated().flatMap { index, knot in
                        knot.rate.faults(peak: peak).map {
                            $0.prefixed(by: path.appending(index).appending("rate"))
                        }
                    }
                case .phases(let phases):
                    return phases.enumerated().flatMap { index, phase in
                        phase.faults(peak: peak, outerFloor: floor).map {
                            $0.prefixed(by: path.appending(index))
                        }
                    }
                case .factors(let factors):
                    return factors.enumerated().flatMap { index, factor in
                        factor.faults(peak: 1, floor: nil).map {
                            $0.prefixed(by: path.appending(index))
                        }
                    }
                default: return []
                }
            }
    }
}

extension Target {
    /// The fault of a share of the peak that is no finite number.
    fileprivate func faults(peak: Double) -> [ScheduleError] {
        guard case .fractionOfPeak(let share) = self, !rate(peak: peak).isFinite else { return [] }
        return [
            .conflict(
                FieldPath(),
                detail: "\(share.plain) of the learning_rate, \(peak.plain), is no finite number"
            )
        ]
    }
}
