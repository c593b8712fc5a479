internal import Foundation
internal import HTTP
internal import Jobs
internal import TrainingAPI

/// Jobs on their way into the store.
extension Service {
    /// A job that is ready to be stored, with what is answered once it is.
    struct Draft: Sendable {
        /// What is stored.
        let submission: JobSubmission
        /// What it says.
        let job: ReadJob
        /// The job as JSON.
        let body: [UInt8]
        /// The job's entity tag.
        let tag: String
        /// The dataset with the hash on which the job relies, where somebody may change that.
        let dataset: (name: DatasetSpecification, hash: String)?
        /// The hash of the archive of code that the job begins with.
        let code: String?

        /// The answer to who submitted it.
        var answer: Response {
            Answer.created(body, id: submission.id.description, tag: tag)
        }
    }

    /// Fits a job to its dataset, or reports what does not fit.
    ///
    /// - Throws: `JobStoreError`.
    func plan(
        for work: JobWork,
        _ context: inout DecodingContext
    ) throws -> JobPlan? {
        switch work {
        case .script(let script):
            try check(codeOf: work, &context)
            return script.plan(&context)
        case .training(let specification):
            guard let facts = try datasets.facts(for: specification.dataset, &context) else {
                return nil
            }
            return specification.plan(for: facts, &context)
        }
    }

    /// Makes a job ready to be stored.
    ///
    /// - Parameters:
    ///   - specification: The job.
    ///   - stored: Its stored form.
    ///   - plan: The job on its data.
    ///   - complete: Adds what else there is to the submission.
    /// - Returns: The job with its answer.
    /// - Throws: What `complete` throws.
    func draft(
        _ specification: JobWork,
        _ stored: StoredJob,
        _ plan: JobPlan,
        _ complete: (inout JobSubmission) throws -> Void = { _ in }
    ) throws -> Draft {
        let now = Date()
        var submission = JobSubmission(
            id: .random(at: now),
            kind: specification.kind.rawValue,
            specification: stored.json(),
            totalSteps: plan.totalSteps,
            at: now
        )
        submission.name = specification.name
        submission.labels = specification.labels
        submission.notes = specification.notes
        submission.priority = specification.priority
        submission.maximumAttempts = specification.maximumAttempts
        submission.requiresExact = specification.requireExact
        if let command = specification.command {
            submission.gpus = GPUWish(
                count: command.gpus,
                memoryBytes: command.gpuMemoryBytes ?? 0
            )
            submission.startFile = command.code
        }
        submission.isBrief = plan.isBrief
        submission.queueLimit = configuration.queueLimit
        submission.notBefore = specification.notBefore.map {
            Date(microsecondsSince1970: $0.microseconds)
        }
        try complete(&submission)
        let presented = presentUnstored(JobRecord(submission), stored)
        var dataset: (DatasetSpecification, String)?
        if case .training(let job) = specification, let hash = stored.datasetHash,
            !datasets.isFixed(job.dataset)
        {
            dataset = (job.dataset, hash)
        }
        return Draft(
            submission: submission,
            job: ReadJob(specification, storedAs: stored),
            body: presented.body,
            tag: presented.tag,
            dataset: dataset,
            code: specification.command?.code
        )
    }

    /// Stores a job; it is on disk when this returns.
    ///
    /// - Returns: The answer to the client, the first one again where `key` was used before.
    /// - Throws: `JobStoreError`, or `Problem` where the key was used for another body.
    func accept(_ draft: Draft, key: SubmissionKey?) throws -> Response {
        if let answer = try refusal(key) { return answer }
        let receipt = try datasetGate.reading {
            if let dataset = draft.dataset { try checkUnchanged(dataset.name, hash: dataset.hash) }
            if let code = draft.code, try archive(code) == nil {
                throw Problem(
                    status: 409,
                    detail:
                        "The archive \(code.prefix(12)) was removed while the job was read; upload"
                        + " it and submit the job again."
                )
            }
            acceptedJobs.insert(draft.job, draft.submission)
            return Result { () throws(JobStoreError) in
                try store.accept(
                    draft.submission,
                    idempotency: key?.idempotency(answer: draft.body)
                )
            }
        }
        return try settle(receipt, of: draft)
    }

    /// Stores a job, and calls `answer` when it is on disk or cannot be: the calling thread is free meanwhile,
    /// so that as many submissions share a commit as there are clients.
    ///
    /// - Throws: As ``accept(_:key:)``, what is known at once.
    func accept(
        _ draft: Draft,
        key: SubmissionKey?,
        then answer: @escaping @Sendable (Result<Response, any Error>) -> Void
    ) throws {
        guard draft.dataset == nil, draft.code == nil else {
            return answer(.success(try accept(draft, key: key)))
        }
        if let known = try refusal(key) { return answer(.success(known)) }
        acceptedJobs.insert(draft.job, draft.submission)
        store.accept(draft.submission, idempotency: key?.idempotency(answer: draft.body)) {
            [self] receipt in
            answer(Result { try settle(receipt, of: draft) })
        }
    }

    /// Refuses a job where the disk is nearly full; what was accepted gets its answer again all the same.
    private func refusal(_ key: SubmissionKey?) throws -> Response? {
        do {
            try checkRoom()
            return nil
        } catch {
            guard let answer = try replay(key) else { throw error }
            return Answer.replayed(answer)
        }
    }

    /// Does what follows from the store's word about a submission.
    private func settle(
        _ receipt: Result<Acceptance, JobStoreError>,
        of draft: Draft
    ) throws -> Response {
        switch receipt {
        case .success(.created):
            counters.add(.submitted)
            dispatcher.jobArrived()
            return draft.answer
        case .success(.replayed(let answer)):
            acceptedJobs.take(draft.submission.id)
            return Answer.replayed(answer)
        case .success(.keyReused):
            acceptedJobs.take(draft.submission.id)
            throw SubmissionKey.reused
        case .failure(let error):
            acceptedJobs.take(draft.submission.id)
            if error.code == .queueFull { counters.add(.refused) }
            throw error
        }
    }

    /// What was answered to a request under `key`; `nil` where there was none.
    ///
    /// - Throws: `JobStoreError`, or `Problem` where the key was used for another body.
    func replay(_ key: SubmissionKey?) throws -> [UInt8]? {
        guard let key else { return nil }
        switch try store.replay(key.idempotency(answer: [])) {
        case .replayed(let answer)?: return answer
        case .keyReused?: throw SubmissionKey.reused
        case .created?, nil: return nil
        }
    }
}
