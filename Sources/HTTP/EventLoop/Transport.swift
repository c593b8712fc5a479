/// What a call on a ``Transport`` came to.
public enum TransportResult: Sendable, Hashable {
    /// This many bytes were moved; at least 1.
    case bytes(Int)
    /// Nothing can be moved before the descriptor is ready again.
    case wouldBlock
    /// The peer sends no more.
    case ended
    /// The connection is broken; the value of `errno`, or another code of the transport's own.
    case failed(Int32)
}

/// The bytes of one connection, plain or encrypted.
///
/// A transport is made, used and closed by one event loop and never by two threads at once; no
/// call blocks. An encrypting transport shakes hands within ``read(into:)`` and ``write(_:)``.
public protocol Transport: AnyObject {
    /// The descriptor to wait on; the transport owns it.
    var descriptor: Int32 { get }

    /// Moves bytes that have come into a buffer that is not empty.
    func read(into buffer: UnsafeMutableRawBufferPointer) -> TransportResult

    /// Takes bytes to be sent, some or all; after ``TransportResult/wouldBlock`` the same bytes are
    /// offered again.
    func write(_ bytes: UnsafeRawBufferPointer) -> TransportResult

    /// Whether it must wait for the descriptor to be readable, beyond what its connection wants.
    var wantsRead: Bool { get }

    /// Whether it must wait for the descriptor to be writable, beyond what its connection wants.
    var wantsWrite: Bool { get }

    /// The bytes that can be read without the descriptor being ready; drained before a wait.
    var pendingBytes: Int { get }

    /// Whether it still agrees with its peer on how to speak, before the first byte; a connection
    /// that stays so for as long as a head may take is closed. False for a plain one.
    var isOpening: Bool { get }

    /// Tells the peer that no more is sent; reading goes on.
    func finishWriting()

    /// Closes the descriptor; nothing is called after it.
    func close()
}

extension Transport {
    /// Nothing is to be agreed on.
    public var isOpening: Bool { false }
}
