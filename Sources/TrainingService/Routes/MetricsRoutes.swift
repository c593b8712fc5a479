internal import HTTP
internal import Jobs
internal import TrainingAPI

/// A job's curves: thinned in JSON, whole as CSV or NDJSON.
struct MetricsRoutes {
    let service: Service

    /// What a request asks for.
    private struct Selection {
        let record: JobRecord
        let names: [String]
        let steps: Range<Int>
        let pointLimit: Int?

        func reader(of store: any JobStore) -> CurveReader {
            CurveReader(store, record, in: steps)
        }
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
            try rows(selection, format, stream)
        }
    }

    private func selection(of request: Request) throws -> Selection {
        let record = try service.store.job(try id(of: request))
        var query = QueryReader(request)
        let wanted = query.texts("series")
        let limit = max(record.totalSteps, 1) + 1
        let from = query.integer("from_step", in: 0...1_000_000_000) ?? 0
        let to = query.integer("to_step", in: 0...1_000_000_001) ?? limit
        let points = query.integer("max_points", in: 2...100_000)
        if to < from { query.report("to_step", "must be at least from_step, \(from), not \(to)") }
        let names =
            try wanted.isEmpty ? service.store.seriesNames(of: record.id) : Set(wanted).sorted()
        let most = MetricsLimit.mostPoints(of: names.count)
        if let points, points > most {
            query.report(
                "max_points",
                "must be at most \(most) for \(names.count) curves, not \(points)"
            )
        }
        try query.finish()
        return Selection(
            record: record,
            names: names,
            steps: from..<to,
            pointLimit: points
        )
    }

    private func json(_ selection: Selection, _ request: Request) throws -> Response {
        let limit = selection.pointLimit ?? MetricsLimit.points(of: selection.names.count)
        let series = try selection.reader(of: service.store).thinned(selection.names, to: limit)
            .map { name, curve, count in
                (
                    name: name,
                    series: MetricsBody.Series(
                        steps: curve.steps,
                        values: curve.values,
                        sourcePoints: count
                    )
                )
            }
        let body = MetricsBody(series: series, complete: selection.record.state.isTerminal)
        return Answer.tagged(body.json(), for: request)
    }

    /// Sends rows, made a window of steps at a time where they are not thinned.
    private func rows(
        _ selection: Selection,
        _ format: MetricsRows.Format,
        _ stream: ResponseStream
    ) throws {
        let reader = selection.reader(of: service.store)
        let names = selection.names
        let stepsPerEpoch =
            StoredJob(reading: selection.record.specification)?.stepsPerEpoch ?? 1
        let whole = try selection.pointLimit.map { limit in
            try reader.thinned(names, to: limit).map { ($0.name, $0.curve) }
        }
        let source = try MetricsSource(
            windows: whole == nil ? reader.windows(for: names) : [selection.steps]
        ) { window, hasHeading in
            MetricsRows(
                format: format,
                names: names,
                curves: try whole ?? reader.curves(names, in: window),
                stepsPerEpoch: stepsPerEpoch,
                hasHeading: hasHeading
            )
        }
        MetricsExport(source, format.mediaType, stream: stream).begin()
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
