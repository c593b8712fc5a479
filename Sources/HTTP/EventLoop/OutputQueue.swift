/// Bytes on their way to a connection, in order.
///
/// Small pieces are put together, so that a head and its body, or several pipelined answers, go
/// out in one write; a large piece is kept as it is and shares the storage of whoever made it.
struct OutputQueue {
    private struct Piece {
        var bytes: [UInt8]
        /// The bytes at the beginning that were sent, or stand in the piece before.
        var start: Int
        /// Whether the storage is the queue's own and may grow.
        var isOwn: Bool
    }

    /// From this size on, copying a piece costs more than a write of its own.
    static let copyLimit = 16 * 1_024

    private var pieces: [Piece] = []
    private var first = 0

    /// The unsent bytes.
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    /// Adds a piece; the first part of a large one joins what is before it, so that a head does not
    /// travel alone.
    mutating func append(_ bytes: [UInt8]) {
        guard bytes.count > Self.copyLimit else { return extend { $0.append(contentsOf: bytes) } }
        extend { $0.append(contentsOf: bytes[..<Self.copyLimit]) }
        pieces.append(Piece(bytes: bytes, start: Self.copyLimit, isOwn: false))
        count += bytes.count - Self.copyLimit
    }

    /// Lets a closure write bytes at the end.
    mutating func extend(_ write: (inout [UInt8]) -> Void) {
        if let last = pieces.last, last.isOwn, last.bytes.count < 2 * Self.copyLimit {
        } else {
            pieces.append(Piece(bytes: [], start: 0, isOwn: true))
        }
        let last = pieces.count - 1
        let before = pieces[last].bytes.count
        write(&pieces[last].bytes)
        count += pieces[last].bytes.count - before
    }

    /// Offers the unsent bytes of the first piece; the queue must not be empty.
    func withFirst(_ body: (UnsafeRawBufferPointer) -> TransportResult) -> TransportResult {
        let piece = pieces[first]
        return piece.bytes.withUnsafeBytes {
            body(UnsafeRawBufferPointer(rebasing: $0[piece.start...]))
        }
    }

    /// Forgets bytes of the first piece that were sent.
    mutating func consume(_ sent: Int) {
        count -= sent
        pieces[first].start += sent
        guard pieces[first].start == pieces[first].bytes.count else { return }
        first += 1
        if count == 0 {
            recycle()
        } else if first > 16 {
            pieces.removeSubrange(0..<first)
            first = 0
        } else {
            pieces[first - 1].bytes = []
        }
    }

    /// Empties the queue, and keeps one small buffer for the next answer.
    private mutating func recycle() {
        var spare = pieces[0]
        let isWorthKeeping = spare.isOwn && (1...4_096).contains(spare.bytes.capacity)
        pieces.removeAll(keepingCapacity: pieces.count <= 2)
        first = 0
        guard isWorthKeeping else { return }
        spare.bytes.removeAll(keepingCapacity: true)
        pieces.append(Piece(bytes: spare.bytes, start: 0, isOwn: true))
    }
}
