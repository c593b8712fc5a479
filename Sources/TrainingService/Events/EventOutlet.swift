internal import HTTP

/// Where the events of a job are written for one reader.
protocol EventOutlet: AnyObject, Sendable {
    /// Whether the reader is still there, as far as is known.
    var isOpen: Bool { get }

    /// Writes the same piece to many readers.
    ///
    /// - Returns: The places in `outlets` of those whose next piece should wait, or that have left.
    static func write(_ bytes: [UInt8], to outlets: [Self]) -> [Int]

    /// Ends what the reader gets.
    func finish()

    /// Calls back each time that more is welcome again.
    func onDrain(_ callback: @escaping @Sendable () -> Void)

    /// Calls back once when the reader leaves; at once if it has.
    func onClose(_ callback: @escaping @Sendable () -> Void)
}

extension ResponseStream: EventOutlet {}
