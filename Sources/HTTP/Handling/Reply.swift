/// The answer that a deferred handler owes, which may come later and from any thread.
///
/// A reply that is let go without an answer is answered 500.
public final class Reply: Sendable {
    /// The connection; nil where a test takes the answer.
    private let link: ExchangeLink?
    private let deliver: @Sendable (Response, _ mayCompress: Bool) -> Bool

    init(link: ExchangeLink, coding: AnswerCoding) {
        self.link = link
        deliver = { link.send(coding.applied(to: $0, mayCompress: $1)) }
    }

    /// A reply whose answer goes to `deliver`, so that a handler can be tested without a connection.
    init(_ deliver: @escaping @Sendable (Response) -> Void) {
        link = nil
        self.deliver = { response, _ in
            deliver(response)
            return true
        }
    }

    deinit {
        link?.abandon()
    }

    /// Whether the client still waits for the answer, as far as is known.
    ///
    /// False from the answer on, and from when the client closed its connection or its sending
    /// side. In the latter case an answer is still delivered if it can be.
    public var isOpen: Bool { link?.isOpen ?? true }

    /// Sends the answer; of several sends the first wins, the others change nothing and say false.
    ///
    /// A large body is compressed here, on the caller's thread, for a client that takes it.
    ///
    /// - Parameters:
    ///   - response: The answer.
    ///   - mayCompress: False on a thread that others wait for.
    /// - Returns: Whether it was the first.
    @discardableResult
    public func send(_ response: Response, mayCompress: Bool = true) -> Bool {
        deliver(response, mayCompress)
    }

    /// Calls back once if the client leaves before the answer; at once if it has left already.
    ///
    /// The callback runs on an event loop and must not block; it replaces an earlier one.
    public func onClose(_ callback: @escaping @Sendable () -> Void) {
        link?.setOnClose(callback)
    }
}
