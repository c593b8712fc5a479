public import Schedules

extension ScriptSpecification {
    /// The momentum that stands in the audit for an optimizer's own, of which the service knows nothing.
    public static let unknownMomentum = Double.nan

    /// Resolves the schedule against the run, or reports what does not fit.
    ///
    /// - Parameters:
    ///   - pointer: Where the job stands in its document.
    ///   - context: Collects the faults and warnings.
    /// - Returns: The plan; `nil` where something was reported.
    public func plan(
        at pointer: Pointer = .root,
        _ context: inout DecodingContext
    ) -> JobPlan? {
        do throws(ScheduleError) {
            let run = try Run(totalSteps: steps ?? 1, stepsPerEpoch: stepsPerEpoch)
            let resolved = try resolve(for: run, at: pointer.appending("schedule"), &context)
            guard let resolved, context.isValid else { return nil }
            return JobPlan(
                trainingRows: nil,
                validationRows: nil,
                stepsPerEpoch: stepsPerEpoch,
                totalSteps: steps ?? 0,
                evaluationInterval: stepsPerEpoch,
                parameters: nil,
                datasetHash: nil,
                memory: nil,
                operations: nil,
                schedule: resolved
            )
        } catch {
            context.report(error, at: pointer)
            return nil
        }
    }

    /// The schedule that the service evaluates: for a command without one, a rate that nobody is granted.
    public func runSchedule() throws(ScheduleError) -> RunSchedule {
        if let schedule { return schedule.schedule }
        return .native(try Schedule(curve: .constant, learningRate: 1))
    }

    private func resolve(
        for run: Run,
        at pointer: Pointer,
        _ context: inout DecodingContext
    ) throws(ScheduleError) -> ResolvedSchedule? {
        guard let schedule else { return try runSchedule().resolve(for: run) }
        return schedule.resolve(for: run, monitors: .any, at: pointer, &context)
    }
}
