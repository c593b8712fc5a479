/// The content of an answer, in pieces as they arrive; read once, by one reader.
///
/// A reader that is slower than the server holds it back. Dropping the body unread, or cancelling the
/// task that reads it, ends the transfer.
public struct ResponseBody: AsyncSequence, Sendable {
    /// A piece of the content; never empty.
    public typealias Element = [UInt8]
    /// Why the content ended too early.
    public typealias Failure = ClientError

    /// What the body's last copy leaves behind.
    fileprivate final class Lifetime: Sendable {
        let channel: BodyChannel

        init(_ channel: BodyChannel) {
            self.channel = channel
        }

        deinit {
            channel.abandon()
        }
    }

    private let lifetime: Lifetime

    init(channel: BodyChannel) {
        lifetime = Lifetime(channel)
    }

    /// Makes a body whose content is known.
    public init(_ bytes: [UInt8]) {
        let channel = BodyChannel(limit: .max, resume: {}, cancel: {})
        if !bytes.isEmpty { _ = bytes.withUnsafeBytes(channel.offer) }
        channel.finish(throwing: nil)
        self.init(channel: channel)
    }

    /// Reads the pieces.
    public struct AsyncIterator: AsyncIteratorProtocol {
        fileprivate let lifetime: Lifetime

        /// The next piece; `nil` at the end of the content.
        public mutating func next() async throws(ClientError) -> [UInt8]? {
            try await lifetime.channel.next()
        }
    }

    /// Starts to read.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(lifetime: lifetime)
    }

    /// Reads what is left of the content.
    ///
    /// - Parameter limit: The largest number of bytes to take.
    /// - Returns: The bytes.
    /// - Throws: `ClientError`; the code is `responseTooLarge` past the limit.
    public func collect(upTo limit: Int) async throws(ClientError) -> [UInt8] {
        var bytes: [UInt8] = []
        var iterator = makeAsyncIterator()
        while let piece = try await iterator.next() {
            guard piece.count <= limit - bytes.count else {
                throw ClientError(
                    code: .responseTooLarge,
                    operation: "read the answer",
                    detail: "the answer is larger than \(limit) bytes"
                )
            }
            bytes += piece
        }
        return bytes
    }
}
