internal import Foundation
internal import HTTP
internal import Jobs
internal import TrainingAPI

/// Submitting, listing, reading and cancelling jobs.
struct JobRoutes {
    let service: Service

    func register(on router: inout Router) {
        router.answer(.post, "/v1/jobs") { request in try submit(request) }
        router.answer(.get, "/v1/jobs") { request in try list(request) }
        router.answer(.get, "/v1/jobs/{id}") { request in try read(request) }
        router.answer(.post, "/v1/jobs/{id}/cancel") { request in try cancel(request) }
    }

    // MARK: - Submission

    private func submit(_ request: Request) throws -> Response {
        var query = QueryReader(request)
        let validatesOnly = query.flag("validate_only")
        try query.finish()
        var (document, context) = try RequestBody.document(of: request)
        guard let specification = JobSpecification(document, &context),
            let plan = service.plan(for: specification, &context)
        else { throw RequestBody.invalid(context.faults) }
        if validatesOnly {
            let answer = ValidationBody(
                specification: specification, plan: plan, warnings: context.warnings)
            return Answer.json(answer.json())
        }
        let acceptance = try service.accept(
            specification, plan: plan, key: try idempotencyKey(of: request))
        var fields: Fields = [
            "Location": "/v1/jobs/\(acceptance.id)", "ETag": acceptance.tag,
        ]
        if acceptance.isReplayed { fields.set("Idempotent-Replayed", "true") }
        return Answer.json(acceptance.body, status: .created, fields: fields)
    }

    /// What makes a repeat of this request known: the client's key, where it gave one.
    private func idempotencyKey(of request: Request) throws(Problem) -> IdempotencyKey? {
        guard let key = request.fields["Idempotency-Key"] else { return nil }
        guard (1...255).contains(key.utf8.count) else {
            throw Problem(
                status: 422, detail: "Idempotency-Key must have 1 to 255 characters, not \(key.utf8.count).")
        }
        return IdempotencyKey(
            scope: "\(request.method) /\(request.path.joined(separator: "/"))", key: key,
            bodyHash: Digest.hexadecimal(of: request.body))
    }

    // MARK: - Reading

    private func list(_ request: Request) throws -> Response {
        var query = QueryReader(request)
        let limit = query.integer("limit", in: 1...500)
        let cursor = query.text("cursor")
        let states = query.texts("state")
        let filter = JobFilter(
            states: Set(states.compactMap(JobState.init(rawValue:))), kind: query.text("kind"),
            name: query.text("name"), labels: query.texts(prefix: "label."))
        for state in states where JobState(rawValue: state) == nil {
            let words = JobState.allCases.map(\.rawValue).joined(separator: ", ")
            query.report("state", "must be one of \(words), not \"\(state)\"")
        }
        try query.finish()
        let page = try service.page(filter, limit: limit ?? 50, cursor: cursor)
        var writer = JSONWriter(capacity: 1_024 * (page.bodies.count + 1))
        writer.object { writer in
            writer.name("items")
            writer.array { writer in
                for body in page.bodies { writer.raw(body) }
            }
            writer.field("next_cursor", page.nextCursor)
        }
        var fields: Fields = [:]
        if let next = page.nextCursor {
            fields.set("Link", "</v1/jobs?limit=\(limit ?? 50)&cursor=\(next)>; rel=\"next\"")
        }
        return Answer.tagged(writer.bytes, fields: fields, for: request)
    }

    private func read(_ request: Request) throws -> Response {
        let (record, body) = try service.job(try id(of: request))
        return Answer.tagged(body, tag: service.tag(of: record), for: request)
    }

    private func cancel(_ request: Request) throws -> Response {
        let (record, body) = try service.cancel(try id(of: request))
        let status: Status = record.state == .cancelling ? .accepted : .ok
        return Answer.json(body, status: status, fields: ["ETag": service.tag(of: record)])
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
