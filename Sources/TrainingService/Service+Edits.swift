internal import Foundation
internal import HTTP
internal import Jobs
internal import Logging
internal import Schedules
internal import TrainingAPI

/// An edit of a job's rates as it was sent.
struct ScheduleEditDraft {
    /// The body.
    let document: Document
    /// What was wrong with it already.
    let context: DecodingContext
    /// What is stored under the name that its schedule speaks of.
    let lookup: ScheduleLookup
    /// The rates that the edit is made for.
    let condition: DocumentCondition
    /// Who sent it, where the server knows names.
    let author: String?
}

/// Changing the rates of jobs that wait, run or are paused.
extension Service {
    /// How often an edit is made anew because the job changed meanwhile.
    private static let tries = 100

    /// Takes an edit; it is on disk when this returns, and no worker has got a rate past its first step.
    ///
    /// - Returns: The answer, the first one again where `key` was used before.
    /// - Throws: `JobStoreError`; `Problem` 409 for a step that has passed, 412, 428, 422.
    func edit(_ id: JobID, _ draft: ScheduleEditDraft, key: SubmissionKey?) throws -> Response {
        for _ in 0..<Self.tries {
            let record = try store.job(id)
            guard record.state == .running else {
                let start = try resumeStep(of: record)
                var rates = try self.rates(of: record).rates
                let response = try store(draft, of: record, from: start, key) {
                    (edit) throws(ScheduleError) in try rates.edit(edit)
                }
                if let response { return response }
                continue
            }
            guard let run = try run(ofJob: id) else { continue }
            // While the ledger is held, nothing is granted: what the edit's first step is stays true.
            let response = try run.update { ledger -> Response? in
                var next = ledger
                let record = try store.job(id)
                guard record.state == .running, record.fence == run.key.fence else { return nil }
                // What was granted first follows from the rates as they were until now.
                _ = try store.renew(run.key, grantedThrough: next.grantedThrough)
                let response = try store(draft, of: record, from: next.grantedThrough, key) {
                    (edit) throws(ScheduleError) in try next.apply(edit)
                }
                if response != nil { ledger = next }
                return response
            }
            if let response { return response }
        }
        throw Problem(status: 503, detail: "The job changes too fast; try again.")
    }

    /// Shows what an edit would do to the rates, and stores nothing.
    ///
    /// - Throws: As ``edit(_:_:key:)``, but for what `If-Match` would say.
    func preview(_ draft: ScheduleEditDraft, of id: JobID, points: Int) throws -> Response {
        let record = try store.job(id)
        guard record.state.takesEdits else { throw JobStoreError.uneditable(record) }
        let start =
            record.state == .running
            ? try run(ofJob: id)?.update { $0.grantedThrough } ?? resumeStep(of: record)
            : try resumeStep(of: record)
        var (rates, work) = try self.rates(of: record)
        var context = draft.context
        let body = try body(of: draft, for: work, &context)
        let edit = try edit(body, of: record, work, from: start, &context)
        let event = try change(&context) { () throws(ScheduleError) in try rates.edit(edit) }
        let total = record.totalSteps
        let receipt = ScheduleEditReceipt(
            event,
            version: record.revision,
            warnings: context.warnings,
            schedule: ScheduleBody(
                rates,
                steps: 0..<total,
                pointLimit: total > points ? points : nil,
                version: record.revision
            )
        )
        return Answer.json(receipt.json(), fields: ["ETag": "\"\(record.revision)\""])
    }

    /// The rate of every step of a job, and what it asks for.
    ///
    /// - Throws: `Problem` where this version cannot read them.
    func rates(
        of record: JobRecord
    ) throws(Problem) -> (rates: RateFunction, work: JobWork) {
        guard let stored = StoredJob(reading: record.specification), let work = stored.work,
            let rates = rates(of: record, work, stored)
        else {
            throw Problem(status: 500, detail: "This version cannot read the job's specification.")
        }
        guard work.schedule != nil else {
            throw Problem(
                status: 409,
                detail: "Job \(record.id) has no schedule: its command is granted no rates.",
                allowedActions: record.state.allowedActions.map(\.rawValue)
            )
        }
        return (rates, work)
    }

    /// The step from which a job goes on that no worker has.
    private func resumeStep(of record: JobRecord) throws -> Int {
        try store.checkpoints(of: record.id).last { $0.isOpen(after: record.restartFence) }?.step
            ?? 0
    }

    /// The live run of a job; `nil` where its lease has just ended.
    private func run(ofJob id: JobID) throws -> ActiveRun? {
        if let run = runs.run(of: id) { return run }
        guard let key = try store.liveLeases().first(where: { $0.key.job == id })?.key else {
            return nil
        }
        do {
            return try run(of: key.lease, fence: key.fence)
        } catch let error as JobStoreError where error.code == .leaseLost {
            return nil
        }
    }

    // MARK: - One try

    /// Makes an edit of a job as it stands, and stores it.
    ///
    /// - Parameters:
    ///   - draft: The edit as it was sent.
    ///   - record: The job.
    ///   - start: The first step that can still be changed.
    ///   - key: The key under which the answer is kept.
    ///   - apply: Applies the edit to the rates.
    /// - Returns: The answer; `nil` where the job has changed meanwhile.
    /// - Throws: `JobStoreError`; `Problem`.
    private func store(
        _ draft: ScheduleEditDraft,
        of record: JobRecord,
        from start: Int,
        _ key: SubmissionKey?,
        _ apply: (ScheduleEdit) throws(ScheduleError) -> RateEvent
    ) throws -> Response? {
        let now = Date()
        var request: EditRequest
        var receipt: ScheduleEditReceipt?
        do {
            let made = try make(draft, of: record, from: start, at: now, apply)
            (request, receipt) = (made.request, made.receipt)
        } catch {
            // The answer to a repetition is the first one, whatever has become of the job since.
            guard key != nil else { throw error }
            request = EditRequest(of: record.id, to: [], expectedVersion: -1, at: now)
            request.idempotency = key?.idempotency(answer: [])
            switch try store.edit(request) {
            case .replayed(let stored):
                return try ActionAnswer(stored: stored).response(isReplayed: true)
            case .keyReused: throw SubmissionKey.reused
            case .done, .changed: throw error
            }
        }
        guard let receipt else { return nil }
        let answer = ActionAnswer(receipt)
        request.idempotency = key?.idempotency(answer: answer.stored)
        switch try store.edit(request) {
        case .done:
            events.changed(record.id)
            counters.add(.edited)
            logger.info("job \(record.id): \(receipt.reason)")
            return answer.response(isReplayed: false)
        case .replayed(let stored):
            return try ActionAnswer(stored: stored).response(isReplayed: true)
        case .keyReused: throw SubmissionKey.reused
        case .changed: return nil
        }
    }

    private func make(
        _ draft: ScheduleEditDraft,
        of record: JobRecord,
        from start: Int,
        at now: Date,
        _ apply: (ScheduleEdit) throws(ScheduleError) -> RateEvent
    ) throws -> (request: EditRequest, receipt: ScheduleEditReceipt) {
        guard record.state.takesEdits else { throw JobStoreError.uneditable(record) }
        let work = try self.rates(of: record).work
        guard var log = EditLog(reading: record.edits) else {
            throw Problem(status: 500, detail: "This version cannot read the job's edits.")
        }
        var context = draft.context
        let body = try body(of: draft, for: work, &context)
        try check(draft.condition, of: body, against: record)
        let edit = try edit(body, of: record, work, from: start, &context)
        let event = try change(&context) { () throws(ScheduleError) in try apply(edit) }
        log.insert(
            RecordedEdit(edit, createdAt: Instant.text(now), author: draft.author, note: body.note)
        )
        var request = EditRequest(
            of: record.id,
            to: log.json(),
            expectedVersion: record.version,
            at: now
        )
        request.events = [.schedule(event, note: body.note, at: now)]
        let receipt = ScheduleEditReceipt(
            event,
            version: record.revision + 1,
            warnings: context.warnings
        )
        return (request, receipt)
    }

    private func body(
        of draft: ScheduleEditDraft,
        for work: JobWork,
        _ context: inout DecodingContext
    ) throws(Problem) -> ScheduleEditBody {
        let body = ScheduleEditBody(
            draft.document,
            standardPeak: work.schedule?.schedule.learningRate,
            lookup: draft.lookup,
            &context
        )
        guard let body, context.isValid else { throw RequestBody.invalid(context.faults) }
        return body
    }

    /// The edit with its first step, or why it cannot begin there.
    private func edit(
        _ body: ScheduleEditBody,
        of record: JobRecord,
        _ work: JobWork,
        from start: Int,
        _ context: inout DecodingContext
    ) throws(Problem) -> ScheduleEdit {
        let step = body.fromStep ?? start
        guard start < record.totalSteps else {
            throw Problem(
                status: 409,
                detail: "Every step of the job has its rate already; none is left to change.",
                allowedActions: record.state.allowedActions.map(\.rawValue)
            )
        }
        guard step >= start else {
            throw Problem(
                status: 409,
                detail:
                    "Step \(step) has its rate already; the first that can be changed is \(start).",
                allowedActions: record.state.allowedActions.map(\.rawValue)
            )
        }
        let perEpoch = StoredJob(reading: record.specification)?.stepsPerEpoch ?? 1
        if let rest = try? Run(totalSteps: record.totalSteps - step, stepsPerEpoch: perEpoch) {
            body.check(in: rest, of: work, &context)
        }
        guard context.isValid else { throw RequestBody.invalid(context.faults) }
        return ScheduleEdit(fromStep: step, body.change)
    }

    /// Does what the rates may refuse, and tells it at its place in the body.
    private func change(
        _ context: inout DecodingContext,
        _ body: () throws(ScheduleError) -> RateEvent
    ) throws(Problem) -> RateEvent {
        do {
            return try body()
        } catch {
            context.report(error, at: .root)
            throw RequestBody.invalid(context.faults)
        }
    }

    private func check(
        _ condition: DocumentCondition,
        of body: ScheduleEditBody,
        against record: JobRecord
    ) throws(Problem) {
        if condition.matches == nil, !body.isUnconditional {
            throw Problem(
                status: 428,
                detail: "An edit other than `scale` needs If-Match with the ETag of the job's"
                    + " /schedule, so that nobody changes rates that they have not seen."
            )
        }
        guard condition.holds(forTag: "\(record.revision)") else {
            throw Problem(
                status: 412,
                detail: "The rates have changed since: their version is \(record.revision) now."
            )
        }
    }
}
