extension LibrarySchedule {
    /// What the library's scheduler answers over `steps` calls.
    ///
    /// - Parameters:
    ///   - steps: The calls; at least 1.
    ///   - metrics: The reports in order, for schedulers that follow a metric; as many calls are made at most.
    ///   - clock: Composer's clock.
    ///   - resume: A restart in the middle.
    ///   - manualEdit: A change of the optimizer's rate by hand.
    /// - Returns: The rates up to `steps`, or up to the call at which the library raises.
    /// - Throws: A `ScheduleError` where the library refuses the parameters at construction, or where a metric
    ///   or a clock is missing or has no meaning.
    public func preview(
        steps: Int,
        metrics: [Double]? = nil,
        clock: LibraryClock? = nil,
        resume: LibraryPreview.Resume? = nil,
        manualEdit: LibraryPreview.ManualEdit? = nil
    ) throws(ScheduleError) -> LibraryPreview {
        try checkSetting(steps: steps, metrics: metrics, clock: clock)
        var scheduler = try makeScheduler(
            steps: steps,
            clock: clock,
            parameters: resume?.firstParameters
        )
        var rates: [Double] = []
        var momenta: [Double] = []
        for step in 0..<min(steps, metrics?.count ?? steps) {
            do throws(LibraryFailure) {
                if step > 0, metrics == nil { try scheduler.step(metric: nil) }
                if let resume, resume.at == step {
                    let saved = scheduler
                    scheduler = try remake(steps: steps, clock: clock)
                    try scheduler.resume(from: saved, loadingState: resume.loadsSchedulerState)
                }
                if let manualEdit, manualEdit.beforeStep == step {
                    scheduler.multiplyRate(by: manualEdit.factor)
                }
                if let metrics { try scheduler.step(metric: metrics[step]) }
            } catch {
                return LibraryPreview(
                    learningRates: rates,
                    momenta: momenta.isEmpty ? nil : momenta,
                    refusal: .init(step: step, reason: error.description)
                )
            }
            rates.append(scheduler.rate)
            if let momentum = scheduler.momentum { momenta.append(momentum) }
        }
        return LibraryPreview(
            learningRates: rates,
            momenta: momenta.isEmpty ? nil : momenta,
            refusal: nil
        )
    }

    private func remake(
        steps: Int,
        clock: LibraryClock?
    ) throws(LibraryFailure) -> any LibraryScheduler {
        do throws(ScheduleError) {
            return try makeScheduler(steps: steps, clock: clock)
        } catch {
            guard case .conflict(_, let detail) = error else { throw .value(error.description) }
            throw .value(detail)
        }
    }

    private func checkSetting(
        steps: Int,
        metrics: [Double]?,
        clock: LibraryClock?
    ) throws(ScheduleError) {
        guard steps >= 1 else {
            throw .outOfRange("steps", value: "\(steps)", requirement: "at least 1")
        }
        if metrics == nil, followsMetric {
            throw .missing("metrics", requirement: "the reports in order, for \(name)")
        }
        if metrics != nil, !followsMetric {
            throw .conflict("metrics", detail: "\(name) does not follow a metric")
        }
        if clock == nil, library == .composer {
            throw .missing("context", requirement: "Composer's max_duration and dataloader_len")
        }
        if clock != nil, library != .composer {
            throw .conflict("context", detail: "\(library.rawValue) has no clock")
        }
    }
}
