internal import HTTP
internal import Jobs
internal import Schedules
internal import TrainingAPI

/// The rates of jobs, and why they are what they are.
struct JobScheduleRoutes {
    let service: Service

    func register(on router: inout Router) {
        router.answer(.get, "/v1/jobs/{id}/schedule") { request in try schedule(request) }
        router.answer(.get, "/v1/jobs/{id}/explain") { request in try explain(request) }
        router.answer(.get, "/v1/jobs/{id}/audit") { request in
            let record = try service.store.job(try id(of: request))
            return Answer.tagged(try service.audit(record).json(), for: request)
        }
        router.answer(.post, "/v1/jobs/{id}/schedule-edits") { request in try edit(request) }
        router.answer(.get, "/v1/jobs/{id}/schedule-edits") { request in
            let record = try service.store.job(try id(of: request))
            guard let log = EditLog(reading: record.edits) else {
                throw Problem(status: 500, detail: "This version cannot read the job's edits.")
            }
            return Answer.tagged(ListBody(log.edits).json(), for: request)
        }
    }

    private func schedule(_ request: Request) throws -> Response {
        let record = try service.store.job(try id(of: request))
        var query = QueryReader(request)
        let total = record.totalSteps
        let from = query.integer("from_step", in: 0...total) ?? 0
        let to = query.integer("to_step", in: 0...total) ?? total
        let points = query.integer("max_points", in: 2...100_000)
        if to < from { query.report("to_step", "must be at least from_step, \(from), not \(to)") }
        if points == nil, to - from > PreviewRequest.stepLimit {
            query.report(
                "max_points",
                "must be given for more than \(PreviewRequest.stepLimit) steps"
            )
        }
        try query.finish()
        let (rates, _) = try service.rates(of: record)
        let body = ScheduleBody(
            rates,
            steps: from..<to,
            pointLimit: points,
            version: record.revision
        )
        return Answer.tagged(body.json(), tag: "\"\(body.version)\"", for: request)
    }

    /// Explains a step; the next one to come, or the last of the run, where none is named.
    private func explain(_ request: Request) throws -> Response {
        let record = try service.store.job(try id(of: request))
        var query = QueryReader(request)
        let last = max(0, record.totalSteps - 1)
        let step = query.integer("step", in: 0...last) ?? min(record.step, last)
        try query.finish()
        let (rates, work) = try service.rates(of: record)
        let body = ExplanationBody(rates, at: step, from: work.schedule?.origin)
        return Answer.tagged(body.json(), for: request)
    }

    private func edit(_ request: Request) throws -> Response {
        let id = try id(of: request)
        var query = QueryReader(request)
        let validatesOnly = query.flag("validate_only")
        let points = query.integer("max_points", in: 2...100_000) ?? 1_000
        try query.finish()
        let key = try SubmissionKey(request)
        let (document, context) = try RequestBody.document(of: request)
        let draft = ScheduleEditDraft(
            document: document,
            context: context,
            lookup: try service.lookUp(document["schedule"]),
            condition: DocumentCondition(request),
            author: request.client
        )
        if validatesOnly { return try service.preview(draft, of: id, points: points) }
        return try service.edit(id, draft, key: key)
    }
}
