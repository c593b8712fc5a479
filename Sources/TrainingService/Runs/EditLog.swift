internal import Foundation
internal import Schedules
internal import TrainingAPI

/// What people have changed of a job's rates: the store's `edits` payload.
struct EditLog: Hashable, Sendable, JSONWritable {
    /// The edits, by their steps; those of one step in the order in which they came.
    private(set) var edits: [RecordedEdit] = []

    /// A log without edits.
    init() {}

    /// Reads a stored payload; `nil` where a newer version wrote it in another form.
    init?(reading bytes: [UInt8]?) {
        guard let bytes else { return }
        // Unreadable bytes are told by the `nil`.
        guard let items = (try? JSONReader.read(bytes))?.document["edits"]?.array else {
            return nil
        }
        edits = items.compactMap { RecordedEdit($0) }
        guard edits.count == items.count else { return nil }
    }

    /// Adds an edit behind those of its step.
    mutating func insert(_ edit: RecordedEdit) {
        let place = edits.lastIndex { $0.edit.fromStep <= edit.edit.fromStep }.map { $0 + 1 } ?? 0
        edits.insert(edit, at: place)
    }

    /// Writes the stored payload.
    func write(to writer: inout JSONWriter) {
        writer.object { $0.field("edits", edits) }
    }
}

/// What was measured of the metric that moves a job's rate: the store's `feedback` payload.
struct ReportLog: Hashable, Sendable, Codable {
    /// The reports that counted, in order.
    let reports: [RateFunction.Report]

    /// A log of some reports.
    init(_ reports: [RateFunction.Report]) {
        self.reports = reports
    }

    /// Reads a stored payload; `nil` where a newer version wrote it in another form.
    init?(reading bytes: [UInt8]?) {
        guard let bytes else {
            reports = []
            return
        }
        // Unreadable bytes are told by the `nil`. An earlier version wrote the schedule beside the reports.
        guard let log = try? JSONDecoder().decode(ReportLog.self, from: Data(bytes)) else {
            return nil
        }
        self = log
    }

    /// The stored payload; `nil` where nothing was reported.
    func payload() throws -> [UInt8]? {
        reports.isEmpty ? nil : Array(try JSONEncoder().encode(self))
    }
}
