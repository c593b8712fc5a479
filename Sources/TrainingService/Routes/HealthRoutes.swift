internal import HTTP
internal import Jobs
internal import TrainingAPI

/// Whether the server lives and works, its counters, and its contract.
struct HealthRoutes {
    let service: Service
    let statistics: @Sendable () -> HTTPServerStatistics?

    func register(on router: inout Router) {
        router.answer(inline: .get, "/livez") { _ in Self.text("ok\n") }
        let probe = ReadinessProbe(service.store)
        router.answer(.get, "/readyz") { _ in
            guard !service.isDraining else {
                throw Problem(status: 503, detail: "The server is about to stop.")
            }
            try probe.check()
            return Self.text("ok\n")
        }
        router.answer(.get, "/metrics") { request in try metrics(request) }
        router.answer(.get, "/openapi.yaml") { request in
            Answer.tagged(Contract.text, mediaType: "application/yaml", for: request)
        }
    }

    private static func text(_ text: String) -> Response {
        Response(
            status: .ok,
            fields: ["Content-Type": "text/plain; charset=utf-8"],
            body: Array(text.utf8)
        )
    }

    private func metrics(_ request: Request) throws -> Response {
        let format = Exposition.Format(accept: request.fields["Accept"])
        var text = Exposition(format)
        let counts = try service.store.counts()
        text.gauge(
            "lehr_jobs",
            "Jobs by state.",
            JobState.allCases.map { ([("state", $0.rawValue)], Double(counts[$0] ?? 0)) }
        )
        let counters = service.counters
        for (event, name, help) in Self.counters {
            text.counter(name, help, [([], Double(counters.count(of: event)))])
        }
        text.gauge(
            "lehr_busy_workers",
            "Workers that run a job.",
            [([], Double(service.runs.jobs.count))]
        )
        if let free = service.files.freeBytes {
            text.gauge(
                "lehr_free_disk_bytes",
                "Bytes that are free on the data folder's disk.",
                [([], Double(free))]
            )
        }
        if let statistics = statistics() {
            text.gauge(
                "lehr_http_connections",
                "Open connections.",
                [([], Double(statistics.openConnections))]
            )
            text.counter(
                "lehr_http_accepted_connections",
                "Connections accepted.",
                [([], Double(statistics.acceptedConnections))]
            )
        }
        return Response(
            status: .ok,
            fields: ["Content-Type": format.mediaType],
            body: text.finished()
        )
    }

    private static let counters: [(Counters.Event, String, String)] = [
        (.submitted, "lehr_jobs_submitted", "Jobs accepted since the server started."),
        (.refused, "lehr_submissions_refused", "Jobs refused because queue or disk was full."),
        (.outlived, "lehr_jobs_outlived", "Finished jobs removed because of their age."),
        (.edited, "lehr_schedule_edits", "Edits of learning rates that were taken."),
        (.leased, "lehr_leases_granted", "Leases granted since the server started."),
        (.reported, "lehr_reports", "Reports of workers stored since the server started."),
        (.saved, "lehr_checkpoints_stored", "Checkpoints stored since the server started."),
        (.damaged, "lehr_checkpoints_damaged", "Checkpoints dropped because they were damaged."),
        (.repeated, "lehr_reports_repeated", "Reports that came twice and changed nothing."),
        (.stale, "lehr_stale_writes", "Writes of workers whose lease had passed to another."),
        (.expired, "lehr_leases_expired", "Leases that ended in silence."),
        (.revived, "lehr_leases_revived", "Expired leases that their workers took up again."),
        (.crashed, "lehr_local_workers_ended", "Local worker processes that ended."),
        (.stopped, "lehr_workers_stopped", "Workers that did not let go of a job in their grace."),
        (.mismatched, "lehr_audit_mismatched_steps", "Steps that used other rates than granted."),
    ]
}
