internal import Foundation
internal import HTTP
internal import Jobs
internal import Schedules
internal import TrainingAPI

/// Jobs that go on from a checkpoint of another.
extension Service {
    /// What is asked for.
    enum ForkKind {
        /// A job with some fields changed.
        case fork(ForkRequest)
        /// A branch that falls to zero.
        case cooldown(CooldownRequest)
    }

    /// A fork that can be made.
    struct Fork {
        let origin: JobOrigin
        let specification: JobWork
        let plan: JobPlan
        let rates: ForkPlan
        let policy: LearningRatePolicy
        let warnings: [Fault]
        /// The rates of the job that is gone on from, with all that has moved them.
        let before: RateFunction
    }

    /// Checks a fork, and plans it.
    ///
    /// - Parameters:
    ///   - id: The job to go on from.
    ///   - kind: What is asked for.
    ///   - lookup: What is stored under the name that the changed schedule speaks of.
    ///   - context: The faults and warnings so far.
    /// - Returns: The fork.
    /// - Throws: `JobStoreError`; `Problem` 409 where there is no such checkpoint, 422.
    func fork(
        _ id: JobID,
        _ kind: ForkKind,
        lookup: ScheduleLookup,
        _ context: DecodingContext
    ) throws -> Fork {
        let record = try store.job(id)
        _ = try self.rates(of: record)
        guard let stored = StoredJob(reading: record.specification), let own = stored.work,
            let edits = EditLog(reading: record.edits)
        else {
            throw Problem(status: 500, detail: "This version cannot read the job's specification.")
        }
        let wished: Int? =
            switch kind {
            case .fork(let request): request.fromStep
            case .cooldown(let request): request.fromStep
            }
        let checkpoint = try checkpoint(at: wished, of: record)
        let step = checkpoint.step
        let parent = try parent(record, own, stored, edits, checkpoint)
        var request: ForkRequest
        switch kind {
        case .fork(let asked): request = asked
        case .cooldown(let cooldown):
            let total = cooldown.totalSteps(from: step, stepsPerEpoch: stored.stepsPerEpoch)
            let length = Document.Member(name: "steps", value: Document(.integer(total)))
            request = ForkRequest(
                fromStep: step,
                changes: Document(.object([length])),
                policy: .carry
            )
        }
        let policy = request.policy ?? (request.changesSchedule ? .restart : .carry)
        var inner = DecodingContext()
        let specification = JobWork(
            request.applied(to: stored.specification.document),
            lookup: lookup,
            &inner
        )
        let plan = try specification.flatMap { try self.plan(for: $0, &inner) }
        var faults = context.faults + inner.faults.map { Self.moved($0) }
        guard let specification, let plan else { throw RequestBody.invalid(faults) }
        faults += misfits(specification, plan, of: own, stored, at: step)
        guard faults.isEmpty else { throw RequestBody.invalid(faults) }
        let rates = try rates(of: kind, parent, specification, plan, step, policy, request)
        return Fork(
            origin: JobOrigin(job: id, step: step),
            specification: specification,
            plan: plan,
            rates: rates,
            policy: policy,
            warnings: context.warnings + inner.warnings.map { Self.moved($0) },
            before: try self.rates(of: record).rates
        )
    }

    /// Stores a fork; it is on disk when this returns.
    ///
    /// - Returns: The answer to the client, the first one again where `key` was used before.
    /// - Throws: `JobStoreError`; `conflict` where the checkpoint has gone; `Problem`.
    func accept(_ fork: Fork, key: SubmissionKey?) throws -> Response {
        var stored = StoredJob(fork.specification, plan: fork.plan, warnings: fork.warnings)
        stored.scheduleRun = fork.rates.scheduleRun
        let draft = try draft(fork.specification, stored, fork.plan) {
            submission in
            submission.origin = fork.origin
            submission.edits = fork.rates.edits.edits.isEmpty ? nil : fork.rates.edits.json()
            submission.feedback = try ReportLog(fork.rates.reports).payload()
        }
        return try accept(draft, key: key)
    }

    /// What a fork would be.
    static func preview(_ fork: Fork, points: Int) -> ForkPreview {
        let (step, total) = (fork.origin.step, fork.plan.totalSteps)
        let around = max(0, step - 100)..<min(total, step + 100)
        // What the writer wrote is JSON.
        return ForkPreview(
            specification: JSONFragment(writing: fork.specification),
            stepsPerEpoch: fork.plan.stepsPerEpoch,
            totalSteps: total,
            fromStep: step,
            policy: fork.policy,
            join: around.map { place in
                ForkPreview.Rate(
                    step: place,
                    before: place < fork.before.totalSteps ? fork.before.rate(at: place) : nil,
                    after: place < step
                        ? fork.before.rate(at: place) : fork.rates.rates.rate(at: place)
                )
            },
            schedule: ScheduleBody(
                fork.rates.rates,
                steps: 0..<total,
                pointLimit: total > points ? points : nil
            ),
            warnings: fork.warnings
        )
    }

    // MARK: - Parts

    private func checkpoint(at step: Int?, of record: JobRecord) throws -> Checkpoint {
        let checkpoints = try store.checkpoints(of: record.id)
            .filter { $0.isOpen(after: record.restartFence) }
        guard let newest = checkpoints.last else {
            throw Problem(
                status: 409,
                detail: "Job \(record.id) has no checkpoint yet to go on from.",
                allowedActions: record.state.allowedActions.map(\.rawValue)
            )
        }
        guard let step else { return newest }
        if let checkpoint = checkpoints.first(where: { $0.step == step }) { return checkpoint }
        let steps = checkpoints.map { "\($0.step)" }.joined(separator: ", ")
        throw Problem(
            status: 409,
            detail: "Job \(record.id) has no checkpoint of step \(step); it has those of \(steps)."
                + " `checkpoint` in a specification says how often one is taken and how many are kept.",
            allowedActions: record.state.allowedActions.map(\.rawValue)
        )
    }

    private func parent(
        _ record: JobRecord,
        _ work: JobWork,
        _ stored: StoredJob,
        _ edits: EditLog,
        _ checkpoint: Checkpoint
    ) throws -> ForkPlan.Parent {
        guard let reports = ReportLog(reading: checkpoint.feedback),
            let run = stored.run(totalSteps: record.totalSteps),
            let rates = try? RateFunction(
                work.runSchedule(),
                run: run,
                totalSteps: record.totalSteps,
                reports: reports.reports,
                edits: edits.edits.map(\.edit)
            )
        else {
            throw Problem(status: 500, detail: "This version cannot read the checkpoint's notes.")
        }
        return ForkPlan.Parent(rates: rates, edits: edits, reports: reports.reports)
    }

    private func rates(
        of kind: ForkKind,
        _ parent: ForkPlan.Parent,
        _ work: JobWork,
        _ plan: JobPlan,
        _ step: Int,
        _ policy: LearningRatePolicy,
        _ request: ForkRequest
    ) throws -> ForkPlan {
        let now = Instant.text(Date())
        let run = plan.schedule.run
        do throws(ScheduleError) {
            let schedule = try work.runSchedule()
            switch kind {
            case .fork:
                return try ForkPlan(
                    of: parent,
                    under: schedule,
                    over: run,
                    from: step,
                    policy,
                    isNew: request.changesSchedule,
                    at: now
                )
            case .cooldown(let cooldown):
                return try ForkPlan(
                    of: parent,
                    coolingDown: cooldown,
                    under: schedule,
                    over: run,
                    from: step,
                    at: now
                )
            }
        } catch {
            var context = DecodingContext()
            context.report(error, at: .root)
            throw RequestBody.invalid(context.faults)
        }
    }

    /// What the checkpoint does not fit of a new specification.
    private func misfits(
        _ work: JobWork,
        _ plan: JobPlan,
        of parent: JobWork,
        _ stored: StoredJob,
        at step: Int
    ) -> [Fault] {
        var faults: [Fault] = []
        func report(_ name: String, _ detail: String) {
            let pointer = "/changes/\(name)"
            faults.append(Fault(pointer: pointer, detail: detail, code: .conflict))
        }
        let isInEpochs =
            if case .training(let job) = work, case .epochs = job.duration { true } else { false }
        if plan.totalSteps <= step {
            report(
                isInEpochs ? "epochs" : "steps",
                "the run would end at step \(plan.totalSteps); \(step) steps are finished already"
            )
        }
        if work.kind != parent.kind {
            report("kind", "the job is of kind \(parent.kind.rawValue), which must stay")
        }
        guard case .training(let specification) = work, case .training(let parent) = parent else {
            return faults
        }
        if specification.model != parent.model {
            report("model", "the weights are those of the job's own model, which must stay")
        }
        if specification.optimizer.rule.name != parent.optimizer.rule.name {
            report(
                "optimizer/type",
                "the optimizer's state is that of \(parent.optimizer.rule.name), which must stay"
            )
        }
        if specification.dataset == parent.dataset, let hash = stored.datasetHash,
            hash != plan.datasetHash
        {
            report("dataset", "\(parent.dataset.name) has other contents than when the job began")
        }
        let isOtherOrder =
            specification.dataset != parent.dataset
            || specification.updateRows != parent.updateRows
            || specification.dropLast != parent.dropLast
        let isBoundary =
            step.isMultiple(of: stored.stepsPerEpoch) && step.isMultiple(of: plan.stepsPerEpoch)
        if isOtherOrder, !isBoundary {
            let field = specification.dataset != parent.dataset ? "dataset" : "batch_size"
            report(
                field,
                "changes only between epochs: step \(step) must be a multiple of"
                    + " \(stored.stepsPerEpoch), an epoch of the job, and of \(plan.stepsPerEpoch),"
                    + " one of the new job"
            )
        }
        return faults
    }

    /// A fault of the new specification, at its place among the changes.
    private static func moved(_ fault: Fault) -> Fault {
        Fault(
            pointer: "/changes\(fault.pointer)",
            detail: fault.detail,
            code: fault.code,
            position: fault.position
        )
    }
}
