internal import Foundation
internal import HTTP
internal import Jobs
internal import TrainingAPI

/// The worker protocol, and the list of workers.
///
/// Fields that are not known are passed over, so that workers and servers of different ages agree. The
/// routes have threads of their own: a flood of other requests cannot make leases expire.
struct WorkerRoutes {
    let service: Service

    func register(on router: inout Router) {
        let limit = service.configuration.reportLimit
        router.answer(.get, "/v1/workers") { request in workers(request) }
        router.deferred(.post, "/v1/leases", pool: .reserved) { request, reply in
            lease(request, reply)
        }
        router.answer(.post, "/v1/leases/{id}/heartbeat", pool: .reserved, bodyLimit: limit) {
            request in
            try heartbeat(request)
        }
        router.answer(.post, "/v1/leases/{id}/report", pool: .reserved, bodyLimit: limit) {
            request in
            try report(request)
        }
        router.answer(.get, "/v1/leases/{id}/plan", pool: .reserved) { request in
            try plan(request)
        }
        router.deferred(
            .post,
            "/v1/leases/{id}/completion",
            pool: .reserved,
            bodyLimit: limit
        ) { request, reply in complete(request, reply) }
    }

    private func workers(_ request: Request) -> Response {
        let jobs = service.runs.jobs.mapValues(\.description)
        let bodies = service.workers.bodies(
            jobs: jobs,
            gpus: service.runs.gpus.mapValues(\.description),
            term: service.leases.term.inSeconds,
            now: Date()
        )
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("items", bodies)
            writer.field("next_cursor", String?.none)
        }
        return Answer.tagged(writer.bytes, for: request)
    }

    // MARK: - Leases

    private func lease(_ request: Request, _ reply: Reply) {
        do {
            let wish = try RequestBody.decode(request, refusesUnknown: false) {
                TrainingAPI.LeaseRequest($0, at: $1, &$2)
            }
            answer(wish, of: request, reply)
        } catch {
            reply.send(Answer.problem(Problem(mapping: error), for: request))
        }
    }

    /// Answers with a job at once, or lets the worker wait for one as long as it wishes.
    private func answer(_ wish: TrainingAPI.LeaseRequest, of request: Request, _ reply: Reply) {
        let waiter = Dispatcher.Waiter(
            request: wish,
            deadline: .now + .seconds(wish.waitSeconds),
            isOpen: { reply.isOpen }
        ) { result in
            switch result {
            case .success(let job?): reply.send(Answer.json(job.json()))
            case .success(nil): reply.send(Response(status: .noContent))
            case .failure(let error):
                reply.send(Answer.problem(Problem(mapping: error), for: request))
            }
        }
        guard !service.serve(waiter) else { return }
        // Who has a job waits for none: the queue may have none that is brief for as long as that.
        if wish.isAhead { return waiter.answer(.success(nil)) }
        service.dispatcher.wait(waiter)
    }

    private func heartbeat(_ request: Request) throws -> Response {
        let beat = try RequestBody.decode(request, refusesUnknown: false) {
            Heartbeat($0, at: $1, &$2)
        }
        let run = try service.run(of: try leaseID(of: request), fence: beat.fence)
        return receipt(try service.heartbeat(run, beat))
    }

    private func report(_ request: Request) throws -> Response {
        let report = try RequestBody.decode(request, refusesUnknown: false) {
            WorkerReport($0, at: $1, &$2)
        }
        let run = try service.run(of: try leaseID(of: request), fence: report.fence)
        return receipt(try service.receive(report, of: run))
    }

    private func plan(_ request: Request) throws -> Response {
        var query = QueryReader(request)
        let fence = query.integer("fence", in: 1...Int(Int32.max))
        let step = query.integer("from_step", in: 0...JobSpecification.stepLimit) ?? 0
        if fence == nil { query.report("fence", "is missing; it must be the lease's fence") }
        try query.finish(refusesUnknown: false)
        let run = try service.check(try leaseID(of: request), fence: fence ?? 0)
        return Answer.json(try service.plan(of: run, from: step).json())
    }

    private func receipt(_ receipt: TrainingAPI.ReportReceipt) -> Response {
        Answer.json(receipt.json())
    }

    /// Ends a run, and answers with the next job where the worker asks for one.
    private func complete(_ request: Request, _ reply: Reply) {
        do {
            var completion = try RequestBody.decode(request, refusesUnknown: false) {
                WorkerCompletion($0, at: $1, &$2)
            }
            if !reply.isOpen { completion.next = nil }
            if let (next, isNew) = try service.complete(completion, of: try leaseID(of: request)) {
                // A worker that has left gets no job; one that leaves now is noticed by its lease.
                if isNew, !reply.isOpen { try service.takeBack(next) }
                reply.send(Answer.json(next.json()))
            } else if let wish = completion.next, wish.waitSeconds > 0 || wish.jobID != nil,
                !service.isDraining
            {
                answer(wish, of: request, reply)
            } else {
                reply.send(Response(status: .noContent))
            }
        } catch {
            reply.send(Answer.problem(Problem(mapping: error), for: request))
        }
    }
}

/// The lease that a request's path names.
func leaseID(of request: Request) throws(Problem) -> LeaseID {
    let text = request.parameters["id"] ?? ""
    guard let id = LeaseID(text) else {
        throw Problem(status: 404, detail: "There is no lease \"\(text)\".")
    }
    return id
}
