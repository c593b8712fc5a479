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
        let (rates, _) = try rates(of: record)
        let body = ScheduleBody(rates, steps: from..<to, pointLimit: points)
        return Answer.tagged(body.json(), tag: "\"\(body.version)\"", for: request)
    }

    /// Explains a step; the next one to come, or the last of the run, where none is named.
    private func explain(_ request: Request) throws -> Response {
        let record = try service.store.job(try id(of: request))
        var query = QueryReader(request)
        let last = record.totalSteps - 1
        let step = query.integer("step", in: 0...last) ?? min(record.step, last)
        try query.finish()
        let (rates, specification) = try rates(of: record)
        let body = ExplanationBody(rates, at: step, from: specification.schedule.origin)
        return Answer.tagged(body.json(), for: request)
    }

    private func rates(of record: JobRecord) throws(Problem) -> (RateFunction, JobSpecification) {
        guard let stored = StoredJob(reading: record.specification), let specification = stored.job,
            let rates = service.rates(of: record, specification, stored)
        else {
            throw Problem(status: 500, detail: "This version cannot read the job's specification.")
        }
        return (rates, specification)
    }
}
