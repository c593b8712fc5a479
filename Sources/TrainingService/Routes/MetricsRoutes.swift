internal import Dispatch
internal import Foundation
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
            let shown = try curves(selection).map { name, curve in
                (name: name, curve: selection.pointLimit.map { curve.thinned(to: $0) } ?? curve)
            }
            let rows = MetricsRows(
                format: format,
                names: names,
                curves: shown,
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

    /// The curves that are asked for, whole.
    private func curves(_ selection: Selection) throws -> [(name: String, curve: Curve)] {
        // A value at a count of finished updates is stored with the update before it.
        let updates = max(selection.steps.lowerBound - 1, 0)..<selection.steps.upperBound
        let segments = try service.store.series(
            of: selection.record.id,
            names: selection.names,
            in: updates
        )
        return try SeriesEncoding.curves(of: segments).map { name, curve in
            (name, curve.points(in: selection.steps))
        }
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
        guard let accept else {
            self = .json
            return
        }
        for item in accept.split(separator: ",") {
            switch item.prefix(while: { $0 != ";" }).filter({ !$0.isWhitespace }).lowercased() {
            case "application/json", "*/*", "application/*":
                self = .json
                return
            case "text/csv", "text/*":
                self = .rows(.csv)
                return
            case "application/x-ndjson", "application/ndjson":
                self = .rows(.ndjson)
                return
            default: continue
            }
        }
        throw Problem(
            status: 406,
            detail:
                "Metrics come as application/json, text/csv or application/x-ndjson, not \(accept)."
        )
    }
}

extension ResponseStream {
    /// Sends a whole answer.
    func send(_ response: Response) {
        start(status: response.status, fields: response.fields)
        if !response.body.isEmpty { write(response.body) }
        finish()
    }
}
