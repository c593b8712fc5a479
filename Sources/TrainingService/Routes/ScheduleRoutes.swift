internal import HTTP
internal import Jobs
internal import TrainingAPI

/// Previews of schedules, and the rates of jobs.
struct ScheduleRoutes {
    let service: Service

    func register(on router: inout Router) {
        router.answer(.post, "/v1/schedules/preview") { request in
            try Self.preview(request)
        }
        router.answer(.get, "/v1/jobs/{id}/schedule") { request in try schedule(request) }
    }

    private static func preview(_ request: Request) throws -> Response {
        var (document, context) = try RequestBody.document(of: request)
        if LibraryPreviewRequest.isMeant(by: document) {
            guard let wish = LibraryPreviewRequest(document, &context), context.isValid,
                let body = wish.preview(&context)
            else { throw RequestBody.invalid(context.faults) }
            return Answer.json(body.json())
        }
        guard let wish = PreviewRequest(document, &context), context.isValid,
            let body = wish.preview(&context)
        else { throw RequestBody.invalid(context.faults) }
        return Answer.json(body.json())
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
        guard let stored = StoredJob(reading: record.specification), let specification = stored.job,
            let rates = service.rates(of: record, specification, stored)
        else {
            throw Problem(status: 500, detail: "This version cannot read the job's specification.")
        }
        let body = ScheduleBody(rates, steps: from..<to, pointLimit: points)
        return Answer.tagged(body.json(), tag: "\"\(body.version)\"", for: request)
    }
}
