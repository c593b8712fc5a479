internal import Synchronization

/// An answer in pieces: framed by its length where that is known, else chunked in HTTP/1.1 and ended by
/// closing the connection in HTTP/1.0.
///
/// No call blocks, and all may come from any thread. A stream that is let go before
/// ``finish()`` breaks the connection, so that its client does not take a part for the whole;
/// one that was not even started is answered 500.
public final class ResponseStream: Sendable {
    private let link: ExchangeLink
    private let coding: AnswerCoding
    /// Set by ``start(status:fields:)`` where the stream is compressed.
    private let encoder = Mutex<GzipEncoder?>(nil)

    init(link: ExchangeLink, coding: AnswerCoding) {
        self.link = link
        self.coding = coding
    }

    deinit {
        link.abandon()
    }

    /// Whether the client still reads, as far as is known; false after ``finish()``, and from the
    /// start when the request was HEAD.
    public var isOpen: Bool { link.isOpen }

    /// Sends the head, once, before anything else.
    ///
    /// Text goes out compressed to a client that takes gzip, each piece so that it can be read at once;
    /// event streams and parts of a content (206) stay plain.
    ///
    /// - Parameters:
    ///   - status: What became of the request; not below 200.
    ///   - fields: The fields beside those of the server.
    ///   - length: How many bytes will be written before ``finish()``, where that is known. Where they are
    ///     others, the connection breaks and the observer is told.
    public func start(status: Status, fields: Fields = [:], length: Int? = nil) {
        precondition((length ?? 0) >= 0, "a stream has no length below 0")
        var fields = fields
        let isCoded = coding.startsGzip(&fields, of: status)
        if isCoded { encoder.withLock { $0 = GzipEncoder() } }
        link.startStream(status, fields, length: isCoded ? nil : length)
    }

    /// Sends a whole answer in place of a stream, before ``start(status:fields:)``; false when the
    /// client had one or has left.
    @discardableResult
    public func send(_ response: Response) -> Bool {
        link.send(coding.applied(to: response, mayCompress: true))
    }

    /// Sends a piece, at once and in order, and says whether more is welcome.
    ///
    /// After false the writer should wait for ``onDrain(_:)``. What it writes all the same is sent
    /// too, until `limits.streamCutoffBytes` are unsent: then the connection is closed. False is
    /// also the answer when the client has left. The bytes are shared, not copied: one array can be
    /// written to any number of streams.
    @discardableResult
    public func write(_ bytes: [UInt8]) -> Bool {
        guard let encoder = encoder.withLock(\.self), !bytes.isEmpty else {
            return link.writeStream(bytes)
        }
        return encoder.encode(bytes, send: link.writeStream)
    }

    /// Sends one piece to many streams at once: as ``write(_:)`` to each, at the cost of one message
    /// for each event loop.
    ///
    /// Several threads that write to the same stream must agree on their order themselves.
    ///
    /// - Parameters:
    ///   - bytes: The piece.
    ///   - streams: The streams.
    /// - Returns: The places in `streams` of those that should wait for ``onDrain(_:)``, or whose
    ///   clients have left.
    @discardableResult
    public static func write(_ bytes: [UInt8], to streams: [ResponseStream]) -> [Int] {
        let isPlain = streams.map { $0.encoder.withLock { $0 == nil } }
        guard isPlain.allSatisfy(\.self) else {
            return streams.indices.filter { !streams[$0].write(bytes) }
        }
        return ExchangeLink.write(bytes, to: streams.map(\.link))
    }

    /// Makes ``write(_:)`` say false beyond this many unsent bytes; `limits.streamBytes` before.
    public func setWelcome(bytes: Int) {
        link.setWelcome(bytes)
    }

    /// Ends the body; the connection can then serve another request.
    public func finish() {
        if let encoder = encoder.withLock(\.self) {
            encoder.encode([], isLast: true) { _ = link.writeStream($0) }
        }
        link.finishStream()
    }

    /// Calls back each time that more is welcome again after ``write(_:)`` said false.
    ///
    /// The callback runs on an event loop and must not block; it replaces an earlier one.
    public func onDrain(_ callback: @escaping @Sendable () -> Void) {
        link.setOnDrain(callback)
    }

    /// Calls back once if the client leaves before ``finish()``; at once if it has left already.
    ///
    /// The callback runs on an event loop and must not block; it replaces an earlier one.
    public func onClose(_ callback: @escaping @Sendable () -> Void) {
        link.setOnClose(callback)
    }
}
