/// Requests out of a byte stream, however the stream is cut.
///
/// Feed what arrives and call ``next()`` until it answers nil. A request comes as one
/// ``Element/head(_:)``, any number of ``Element/body(_:)`` and one ``Element/end``; bytes after it
/// wait until it is asked for again, so pipelined requests come one by one. What comes out is a
/// function of the bytes alone, never of their split: every decision is made on a whole line or on
/// the count of bytes seen. After a fault the stream is lost, since nobody knows where the next
/// request would begin.
struct RequestParser {
    enum Element: Equatable {
        case head(RequestHead)
        /// A piece of the body, without its framing; never empty.
        case body(ArraySlice<UInt8>)
        case end
    }

    private enum State {
        case requestLine(blankLines: Int)
        case fields(RequestLine)
        case body(remaining: Int)
        case chunkSize
        case chunk(remaining: Int)
        case chunkEnd
        case trailers
        case end
    }

    /// The most body bytes that the request may have; set after its head, by its route.
    var bodyLimit: Int

    private let limits: HTTPServerLimits
    private var state = State.requestLine(blankLines: 0)
    private var buffer: [UInt8] = []
    /// Where the unread bytes begin in `buffer`.
    private var position = 0
    /// How many unread bytes are known to hold no line break.
    private var scanned = 0
    private var fields = Fields()
    /// The bytes of the section's lines so far, header or trailer.
    private var sectionBytes = 0
    private var bodyBytes = 0

    init(limits: HTTPServerLimits) {
        self.limits = limits
        bodyLimit = limits.bodyBytes
    }

    /// Whether bytes of a request were seen whose end was not.
    var isInsideRequest: Bool {
        if case .requestLine = state { return hasUnreadBytes }
        return true
    }

    var hasUnreadBytes: Bool { position < buffer.count }

    /// Takes bytes behind those that came before.
    mutating func feed(_ bytes: UnsafeRawBufferPointer) {
        if position == buffer.count {
            buffer.removeAll(keepingCapacity: buffer.capacity <= 2_048)
            position = 0
        } else if position > 0 {
            buffer.removeSubrange(0..<position)
            position = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next element, or nil when more bytes are needed.
    mutating func next() throws(RequestFault) -> Element? {
        while true {
            switch state {
            case .requestLine(let blankLines):
                guard let range = try requestLine() else { return nil }
                if range.isEmpty {
                    guard blankLines < limits.leadingBlankLines else {
                        throw .malformed("too many empty lines before a request line")
                    }
                    state = .requestLine(blankLines: blankLines + 1)
                } else {
                    state = .fields(try RequestLine(parsing: buffer.span.extracting(range)))
                }
            case .fields(let line):
                guard let range = try sectionLine(limit: limits.fieldBytes) else { return nil }
                if range.isEmpty { return .head(try finishHead(line)) }
                try addField(range)
            case .body(let remaining):
                guard let piece = takeBody(atMost: remaining) else { return nil }
                state = piece.count == remaining ? .end : .body(remaining: remaining - piece.count)
                return .body(piece)
            case .chunkSize:
                guard let range = try chunkLine() else { return nil }
                try beginChunk(ChunkSize.parse(buffer.span.extracting(range)))
            case .chunk(let remaining):
                guard let piece = takeBody(atMost: remaining) else { return nil }
                let rest = remaining - piece.count
                state = rest == 0 ? .chunkEnd : .chunk(remaining: rest)
                return .body(piece)
            case .chunkEnd:
                guard try skipChunkEnd() else { return nil }
                state = .chunkSize
            case .trailers:
                guard let range = try sectionLine(limit: limits.trailerBytes) else { return nil }
                if range.isEmpty {
                    state = .end
                } else {
                    _ = try FieldLine.parse(buffer.span.extracting(range))
                }
            case .end:
                state = .requestLine(blankLines: 0)
                bodyLimit = limits.bodyBytes
                return .end
            }
        }
    }

    private mutating func addField(_ range: Range<Int>) throws(RequestFault) {
        let field = try FieldLine.parse(buffer.span.extracting(range))
        guard fields.count < limits.fieldCount else {
            throw RequestFault(431, "a request may have at most \(limits.fieldCount) fields")
        }
        fields.append(field.name, field.value)
    }

    private mutating func finishHead(_ line: RequestLine) throws(RequestFault) -> RequestHead {
        let head = try RequestHead(line: line, fields: fields)
        fields = Fields()
        sectionBytes = 0
        bodyBytes = 0
        switch head.framing {
        case .none: state = .end
        case .length(let length): state = .body(remaining: length)
        case .chunked: state = .chunkSize
        }
        return head
    }

    private mutating func beginChunk(_ size: Int) throws(RequestFault) {
        guard size <= bodyLimit - bodyBytes else {
            throw RequestFault(.contentTooLarge, "the body may have at most \(bodyLimit) bytes")
        }
        bodyBytes += size
        state = size == 0 ? .trailers : .chunk(remaining: size)
    }

    private mutating func takeBody(atMost count: Int) -> ArraySlice<UInt8>? {
        guard hasUnreadBytes else { return nil }
        let piece = buffer[position..<min(buffer.count, position + count)]
        position += piece.count
        return piece
    }
}

extension RequestParser {
    private mutating func requestLine() throws(RequestFault) -> Range<Int>? {
        let limit = limits.requestLineBytes
        return try nextLine(
            limit: limit,
            fault: RequestFault(414, "the request line may have at most \(limit) bytes")
        )
    }

    private mutating func sectionLine(limit: Int) throws(RequestFault) -> Range<Int>? {
        let line = try nextLine(
            limit: limit - sectionBytes,
            fault: RequestFault(431, "the fields may have at most \(limit) bytes together")
        )
        if let line { sectionBytes = line.isEmpty ? 0 : sectionBytes + line.count + 2 }
        return line
    }

    private mutating func chunkLine() throws(RequestFault) -> Range<Int>? {
        let limit = limits.chunkExtensionBytes
        return try nextLine(
            limit: 16 + limit,
            fault: .malformed("a chunk's extension may have at most \(limit) bytes")
        )
    }

    /// The place in `buffer` of the next line without its CRLF, which is passed over.
    ///
    /// Whether a line is too long is decided by the first `limit + 2` bytes alone, so that it does
    /// not matter how many of them have come at once.
    private mutating func nextLine(
        limit: Int,
        fault: @autoclosure () -> RequestFault
    ) throws(RequestFault) -> Range<Int>? {
        let most = max(limit, 0) + 2
        let available = min(buffer.count - position, most)
        guard let offset = lineFeed(from: position + scanned, to: position + available) else {
            scanned = available
            guard available < most else { throw fault() }
            return nil
        }
        let start = position
        scanned = 0
        position = offset + 1
        guard offset > start, buffer[offset - 1] == .carriageReturn else {
            throw .malformed("a line must end in CR LF, not in LF alone")
        }
        return start..<(offset - 1)
    }

    private func lineFeed(from start: Int, to end: Int) -> Int? {
        let bytes = buffer.span
        var index = start
        while index < end {
            if bytes[index] == .lineFeed { return index }
            index += 1
        }
        return nil
    }

    /// Passes over the CR LF behind a chunk's data; false when they have not both come.
    private mutating func skipChunkEnd() throws(RequestFault) -> Bool {
        let available = buffer.count - position
        let isWrong =
            available > 0 && buffer[position] != .carriageReturn
            || available > 1 && buffer[position + 1] != .lineFeed
        if isWrong { throw .malformed("a chunk's data must be followed by CR LF") }
        guard available > 1 else { return false }
        position += 2
        return true
    }
}
