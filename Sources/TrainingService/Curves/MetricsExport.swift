internal import Dispatch
internal import HTTP

/// Rows that are made a window of steps at a time.
struct MetricsSource: Sendable {
    /// The windows to come.
    private var windows: ArraySlice<Range<Int>>
    /// Makes a window's rows; tells whether they are the first.
    private let make: @Sendable (Range<Int>, Bool) throws -> MetricsRows
    private var rows: MetricsRows

    /// A source of the rows of `windows`; makes the first ones at once.
    ///
    /// - Throws: What `make` throws.
    init(
        windows: [Range<Int>],
        _ make: @escaping @Sendable (Range<Int>, Bool) throws -> MetricsRows
    ) rethrows {
        self.make = make
        rows = try make(windows.first ?? 0..<0, true)
        self.windows = windows.dropFirst()
    }

    /// The next piece of up to `count` rows; empty after the last one.
    ///
    /// - Throws: What `make` throws.
    mutating func next(_ count: Int) throws -> [UInt8] {
        var piece = rows.next(count)
        while piece.isEmpty, let window = windows.popFirst() {
            rows = try make(window, false)
            piece = rows.next(count)
        }
        return piece
    }
}

/// Sends rows as fast as their reader takes them.
///
/// Confined to `queue`, but for the stream's callbacks, which only add work to it.
final class MetricsExport: @unchecked Sendable {
    private static let queue = DispatchQueue(label: "lehr.export")
    /// The rows that are made at a time.
    private static let pieceSize = 1_024

    private var source: MetricsSource
    private let mediaType: String
    private let stream: ResponseStream
    private var isDone = false

    /// Makes an export of rows to `stream`.
    init(_ source: MetricsSource, _ mediaType: String, stream: ResponseStream) {
        self.source = source
        self.mediaType = mediaType
        self.stream = stream
    }

    /// Starts the answer; the rest follows as the reader takes it.
    func begin(fields: Fields = [:]) {
        var fields = fields
        fields.set("Content-Type", mediaType)
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
            let piece: [UInt8]
            do {
                piece = try source.next(Self.pieceSize)
            } catch {
                // The answer has begun; a stream that is let go shows its reader that it is cut off.
                end()
                stream.onClose {}
                return
            }
            guard !piece.isEmpty else {
                end()
                stream.finish()
                return
            }
            guard stream.write(piece) else { return }
        }
    }
}
