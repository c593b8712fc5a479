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

    /// The next piece of up to `count` rows, for which one window is read at most: so it may be empty.
    ///
    /// - Returns: The piece; nil after the last one.
    /// - Throws: What `make` throws.
    mutating func next(_ count: Int) throws -> [UInt8]? {
        let piece = rows.next(count)
        guard piece.isEmpty else { return piece }
        guard let window = windows.popFirst() else { return nil }
        rows = try make(window, false)
        return rows.next(count)
    }
}

/// Sends rows as fast as their reader takes them.
///
/// `@unchecked`: what changes is used in its `turns` alone, of which there are never two at once.
final class MetricsExport: @unchecked Sendable {
    /// The rows that are made at a time.
    private static let pieceSize = 1_024

    private var source: MetricsSource
    private let mediaType: String
    private let stream: ResponseStream
    private let turns: ExportTurns
    private var isDone = false

    /// Makes an export of rows to `stream`, in pieces that `pool` makes.
    init(
        _ source: MetricsSource,
        _ mediaType: String,
        stream: ResponseStream,
        pool: ExportPool = .shared
    ) {
        self.source = source
        self.mediaType = mediaType
        self.stream = stream
        turns = ExportTurns(in: pool)
    }

    /// Starts the answer; the rest follows as the reader takes it.
    func begin(fields: Fields = [:]) {
        var fields = fields
        fields.set("Content-Type", mediaType)
        stream.start(status: .ok, fields: fields)
        // The stream keeps the export, and the export the stream, until the last row or the reader's
        // leaving.
        stream.onDrain { [self] in wake() }
        stream.onClose { [self] in wake() }
        wake()
    }

    private func wake() {
        turns.wake { [self] in advance() }
    }

    /// Sends a piece; whether the next one may follow at once.
    private func advance() -> Bool {
        guard !isDone else { return false }
        guard stream.isOpen else {
            end()
            return false
        }
        do {
            guard let piece = try source.next(Self.pieceSize) else {
                end()
                stream.finish()
                return false
            }
            return piece.isEmpty || stream.write(piece)
        } catch {
            // The answer has begun; a stream that is let go shows its reader that it is cut off.
            end()
            return false
        }
    }

    /// Ends the work, and lets go of the stream.
    private func end() {
        isDone = true
        stream.onDrain {}
        stream.onClose {}
    }
}
