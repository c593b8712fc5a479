internal import Dispatch
internal import HTTP

/// Sends rows as fast as their reader takes them.
///
/// Confined to `queue`, but for the stream's callbacks, which only add work to it.
final class MetricsExport: @unchecked Sendable {
    private static let queue = DispatchQueue(label: "lehr.export")
    /// The rows that are made at a time.
    private static let pieceSize = 1_024

    private var rows: MetricsRows
    private let stream: ResponseStream
    private var isDone = false

    /// Makes an export of `rows` to `stream`.
    init(rows: MetricsRows, stream: ResponseStream) {
        self.rows = rows
        self.stream = stream
    }

    /// Starts the answer; the rest follows as the reader takes it.
    func begin(fields: Fields = [:]) {
        var fields = fields
        fields.set("Content-Type", rows.format.mediaType)
        stream.start(status: .ok, fields: fields)
        // The stream keeps the export, and the export the stream, until the last row or the reader's
        // leaving.
        stream.onDrain { [self] in Self.queue.async { self.send() } }
        stream.onClose { [self] in Self.queue.async { self.end() } }
        Self.queue.async { self.send() }
    }

    /// Ends the work, and lets go of the stream.
    private func end() {
        isDone = true
        stream.onDrain {}
    }

    private func send() {
        dispatchPrecondition(condition: .onQueue(Self.queue))
        guard !isDone else { return }
        while true {
            let piece = rows.next(Self.pieceSize)
            guard !piece.isEmpty else {
                end()
                stream.finish()
                return
            }
            guard stream.write(piece) else { return }
        }
    }
}
