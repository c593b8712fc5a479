internal import Foundation
internal import HTTP
internal import Jobs
internal import Logging
internal import Schedules
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
        router.answer(.post, "/v1/leases/{id}/heartbeat", pool: .reserved) { request in
            try heartbeat(request)
        }
        router.answer(.post, "/v1/leases/{id}/report", pool: .reserved, bodyLimit: limit) {
            request in
            try report(request)
        }
        router.answer(.post, "/v1/leases/{id}/completion", pool: .reserved) { request in
            try complete(request)
        }
    }

    private func workers(_ request: Request) -> Response {
        let jobs = service.runs.jobs.mapValues(\.description)
        let bodies = service.workers.bodies(
            jobs: jobs,
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
                LeaseRequest($0, at: $1, &$2)
            }
            if let job = try service.lease(wish) {
                reply.send(Answer.json(job.json()))
                return
            }
            let deadline = ContinuousClock.now + .seconds(wish.waitSeconds)
            service.dispatcher.wait(
                Dispatcher.Waiter(request: wish, deadline: deadline, isOpen: { reply.isOpen }) {
                    result in
                    switch result {
                    case .success(let job?): reply.send(Answer.json(job.json()))
                    case .success(nil): reply.send(Response(status: .noContent))
                    case .failure(let error):
                        reply.send(Answer.problem(Problem(mapping: error), for: request))
                    }
                }
            )
        } catch {
            reply.send(Answer.problem(Problem(mapping: error), for: request))
        }
    }

    private func heartbeat(_ request: Request) throws -> Response {
        let fence = try RequestBody.decode(request, refusesUnknown: false) {
            document,
            pointer,
            context in
            var object = ObjectDecoder(document, at: pointer, &context)
            return object?.require(
                Field("fence", .integer(1...Int(Int32.max)), "The lease's fence."),
                &context
            )
        }
        let run = try service.run(of: try leaseID(of: request), fence: fence)
        let standing = try service.store.renew(run.key)
        return receipt(grant: nil, of: standing)
    }

    private func report(_ request: Request) throws -> Response {
        let report = try RequestBody.decode(request, refusesUnknown: false) {
            WorkerReport($0, at: $1, &$2)
        }
        let run = try service.run(of: try leaseID(of: request), fence: report.fence)
        let (grant, standing) = try run.update { ledger in
            try store(report, of: run, &ledger)
        }
        return receipt(grant: grant, of: standing)
    }

    /// Stores a report with all that follows from it, in one transaction.
    private func store(
        _ report: WorkerReport,
        of run: ActiveRun,
        _ ledger: inout RunLedger
    ) throws -> (Grant?, Jobs.LeasedJob) {
        var next = ledger
        let events = next.receive(report)
        let grant = next.nextGrant()
        var stored = JobReport(
            key: run.key,
            sequence: report.sequence,
            steps: report.fromStep..<report.toStep
        )
        stored.chunks = SeriesEncoding.chunks(of: report)
        stored.progress =
            RunFacts(secondsLeft: next.secondsLeft, mismatches: next.mismatches).json()
        stored.summary = next.summary.json()
        stored.grantedThrough = grant?.toStep
        if next.rates.reports != ledger.rates.reports {
            stored.feedback = Array(try JSONEncoder().encode(next.rates))
        }
        switch try service.store.report(stored) {
        case .applied(let standing):
            service.counters.add(.reported)
            let mismatched = next.mismatches - ledger.mismatches
            if mismatched > 0 {
                service.counters.add(.mismatched, mismatched)
                service.logger.error(

                    "job \(run.key.job): steps \(report.fromStep)..<\(report.toStep) used other rates"
                )
            }
            for event in events { service.logger.info("job \(run.key.job): \(event.reason)") }
            ledger = next
            return (grant, standing)
        case .duplicate(let standing):
            service.counters.add(.repeated)
            let granted = report.toStep..<max(report.toStep, standing.lease.grantedThrough)
            return (granted.isEmpty ? nil : ledger.grant(of: granted), standing)
        }
    }

    private func receipt(grant: Grant?, of standing: Jobs.LeasedJob) -> Response {
        service.leases.renew(standing.lease.key)
        service.workers.heard(standing.lease.worker, at: Date())
        let directives: [TrainingAPI.ReportReceipt.Directive] =
            standing.job.state == .cancelling ? [.cancel] : service.isDraining ? [.drain] : []
        let receipt = TrainingAPI.ReportReceipt(
            grant: grant,
            directives: directives,
            termSeconds: service.leases.term.inSeconds
        )
        return Answer.json(receipt.json())
    }

    private func complete(_ request: Request) throws -> Response {
        let completion = try RequestBody.decode(request, refusesUnknown: false) {
            WorkerCompletion($0, at: $1, &$2)
        }
        let lease = try leaseID(of: request)
        // A repeated completion finds its lease among those that ended of late.
        let key =
            try service.runs.key(of: lease) ?? service.run(of: lease, fence: completion.fence).key
        guard key.fence == completion.fence else {
            throw JobStoreError.leaseLost(key, in: "complete")
        }
        var summary: [UInt8]?
        let outcome: JobCompletion.Outcome
        switch completion.outcome {
        case .succeeded(let result):
            summary = result.json()
            outcome = .succeeded
        case .failed(let code, let detail, let isPermanent):
            outcome = .failed(JobFailure(code: code, detail: detail), isPermanent: isPermanent)
        case .released:
            outcome = .released
        }
        try service.end(key, outcome, summary: summary)
        guard let wish = completion.next, !service.isDraining, let next = try service.lease(wish)
        else { return Response(status: .noContent) }
        return Answer.json(next.json())
    }

    private func leaseID(of request: Request) throws(Problem) -> LeaseID {
        let text = request.parameters["id"] ?? ""
        guard let id = LeaseID(text) else {
            throw Problem(status: 404, detail: "There is no lease \"\(text)\".")
        }
        return id
    }
}
