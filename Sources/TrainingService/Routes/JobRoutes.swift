internal import Foundation
internal import HTTP
internal import Jobs
internal import TrainingAPI

/// Submitting, listing and reading jobs.
struct JobRoutes {
    let service: Service

    func register(on router: inout Router) {
        router.deferred(.post, "/v1/jobs") { request, reply in submit(request, reply) }
        router.answer(.get, "/v1/jobs") { request in try list(request) }
        router.answer(.get, "/v1/jobs/{id}", recall: { recall($0) }) { try read($0) }
    }

    // MARK: - Submission

    private func submit(_ request: Request, _ reply: Reply) {
        @Sendable func answer(_ result: Result<Response, any Error>) {
            switch result {
            // The store calls this on the thread that every write waits for.
            case .success(let response): reply.send(response, mayCompress: false)
            case .failure(let error):
                reply.send(
                    Answer.problem(Problem(mapping: error), for: request),
                    mayCompress: false
                )
            }
        }
        do {
            try submit(request, answer)
        } catch {
            answer(.failure(error))
        }
    }

    private func submit(
        _ request: Request,
        _ answer: @escaping @Sendable (Result<Response, any Error>) -> Void
    ) throws {
        var query = QueryReader(request)
        let validatesOnly = query.flag("validate_only")
        try query.finish()
        let key = try SubmissionKey(request)
        var (document, context) = try RequestBody.document(of: request)
        let lookup = try service.lookUp(document["schedule"])
        guard let specification = JobWork(document, lookup: lookup, &context) else {
            // The other faults keep the job from being planned; its dataset is looked for all the same.
            if let name = document["dataset"]?["name"]?.string {
                _ = try service.datasets.facts(for: DatasetSpecification(name: name), &context)
            }
            throw RequestBody.invalid(context.faults)
        }
        guard let plan = try service.plan(for: specification, &context) else {
            throw RequestBody.invalid(context.faults)
        }
        if specification.kind == .command, !service.configuration.runsCommands {
            throw Problem(
                status: 403,
                detail:
                    "This server runs no commands: a job of kind command would be whatever anybody"
                    + " likes. lehrd serve --commands on takes them."
            )
        }
        if validatesOnly {
            let body = ValidationBody(
                specification: specification,
                plan: plan,
                warnings: context.warnings
            )
            return answer(.success(Answer.json(body.json())))
        }
        let stored = StoredJob(specification, plan: plan, warnings: context.warnings)
        let draft = try service.draft(specification, stored, plan)
        try service.accept(draft, key: key, then: answer)
    }

    // MARK: - Reading

    private func list(_ request: Request) throws -> Response {
        var query = QueryReader(request)
        let cursor = try JobCursor(&query)
        try query.finish()
        let page = try service.store.jobs(cursor.query)
        let jobs = try service.present(page.jobs)
        var writer = JSONWriter(capacity: 1_024 * (page.jobs.count + 1))
        writer.object { writer in
            writer.name("items")
            writer.array { writer in
                for job in jobs { writer.raw(job.body) }
            }
            writer.field("next_cursor", page.next.map { cursor.text(after: $0) })
        }
        var fields: Fields = [:]
        if let next = page.next {
            let target = "/v1/jobs?limit=\(cursor.query.limit)&cursor=\(cursor.text(after: next))"
            fields.set("Link", "<\(target)>; rel=\"next\"")
        }
        return Answer.tagged(writer.bytes, fields: fields, for: request)
    }

    /// A job that was read before, as long as nothing has changed since.
    private func recall(_ request: Request) -> Response? {
        guard let id = request.parameters["id"],
            let job = service.jobAnswers.job(id, from: service.answerBasis)
        else { return nil }
        return Answer.tagged(job.body, tag: job.tag, for: request)
    }

    private func read(_ request: Request) throws -> Response {
        let basis = service.answerBasis
        let record = try service.store.job(try id(of: request))
        let job = try service.present(record)
        service.jobAnswers.keep(record.id.description, job, from: basis)
        return Answer.tagged(job.body, tag: job.tag, for: request)
    }
}

/// The job that a request's path names.
func id(of request: Request) throws(Problem) -> JobID {
    let text = request.parameters["id"] ?? ""
    guard let id = JobID(text) else {
        throw Problem(status: 404, detail: "There is no job \"\(text)\".")
    }
    return id
}
