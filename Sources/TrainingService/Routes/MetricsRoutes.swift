internal import HTTP
internal import Jobs
internal import TrainingAPI

/// A job's curves: thinned in JSON, whole as CSV or NDJSON.
struct MetricsRoutes {
    let service: Service

    /// What a request asks for.
    private struct Selection {
        let record: JobRecord
        let names: Set<String>?
        let steps: Range<Int>
        let pointLimit: Int?
    }

    func register(on router: inout Router) {
        router.streaming(.get, "/v1/jobs/{id}/metrics") { request, stream in
            do {
                try answer(request, stream)
            } catch {
                stream.send(Answer.problem(Problem(mapping: error), for: request))
            }
        }
    }

    private func answer(_ request: Request, _ stream: ResponseStream) throws {
        let selection = try selection(of: request)
        switch try MetricsForm(accept: request.fields["Accept"]) {
        case .json:
            stream.send(try json(selection, request))
        case .rows(let format):
            let names =
                try selection.names?.sorted()
                ?? service.store.seriesNames(of: selection.record.id)
            let rows = MetricsRows(
                format: format,
                names: names,
                curves: try curves(selection).map { name, curve in
                    (name, selection.pointLimit.map { curve.thinned(to: $0) } ?? curve)
                },
                stepsPerEpoch: StoredJob(reading: selection.record.specification)?.stepsPerEpoch
                    ?? 1
            )
            MetricsExport(rows: rows, stream: stream).begin()
        }
    }

    private func selection(of request: Request) throws -> Selection {
        let record = try service.store.job(try id(of: request))
        var query = QueryReader(request)
        let names = query.texts("series")
        let limit = max(record.totalSteps, 1) + 1
        let from = query.integer("from_step", in: 0...1_000_000_000) ?? 0
        let to = query.integer("to_step", in: 0...1_000_000_001) ?? limit
        let points = query.integer("max_points", in: 2...100_000)
        if to < from { query.report("to_step", "must be at least from_step, \(from), not \(to)") }
        try query.finish()
        return Selection(
            record: record,
            names: names.isEmpty ? nil : Set(names),
            steps: from..<to,
            pointLimit: points
        )
    }

    private func curves(_ selection: Selection) throws -> [(name: String, curve: Curve)] {
        let segments = try service.store.series(
            of: selection.record.id,
            names: selection.names,
            in: SeriesEncoding.updates(showing: selection.steps)
        )
        return try SeriesEncoding.curves(of: segments, in: selection.steps)
    }

    private func json(_ selection: Selection, _ request: Request) throws -> Response {
        let limit = selection.pointLimit ?? 1_000
        let series = try curves(selection).map { name, curve in
            let shown = curve.thinned(to: limit)
            return (
                name: name,
                series: MetricsBody.Series(
                    steps: shown.steps,
                    values: shown.values,
                    sourcePoints: curve.count
                )
            )
        }
        let body = MetricsBody(series: series, complete: selection.record.state.isTerminal)
        return Answer.tagged(body.json(), for: request)
    }
}

/// The form of metrics that a request accepts.
private enum MetricsForm {
    case json
    case rows(MetricsRows.Format)

    /// Chooses by an `Accept` field; JSON where anything will do.
    ///
    /// - Parameter accept: The field's value.
    /// - Throws: `Problem` 406 where none of the forms is accepted.
    init(accept: String?) throws(Problem) {
        let types = ["application/json", "text/csv", "application/x-ndjson", "application/ndjson"]
        switch Accept(accept).best(of: types) {
        case "application/json": self = .json
        case "text/csv": self = .rows(.csv)
        case "application/x-ndjson", "application/ndjson": self = .rows(.ndjson)
        default:
            throw Problem(
                status: 406,
                detail: "Metrics come as application/json, text/csv or application/x-ndjson,"
                    + " not \(accept ?? "nothing")."
            )
        }
    }
}
