import CHTTPSockets
import Glibc

/// What a descriptor is ready for, or what is waited for.
struct Readiness: OptionSet, Hashable {
    let rawValue: UInt32

    static let readable = Readiness(rawValue: CHTTP_READABLE)
    static let writable = Readiness(rawValue: CHTTP_WRITABLE)
    /// The peer has closed its sending side.
    static let peerClosed = Readiness(rawValue: CHTTP_PEER_CLOSED)
    /// The connection is gone in both directions; reported without being waited for.
    static let failed = Readiness(rawValue: CHTTP_FAILED)
}

/// The kernel's list of descriptors that are waited for: epoll, level-triggered.
///
/// The seam to the operating system: a shard knows nothing else of how readiness is found.
struct Poller {
    /// The most events of one ``collect(into:waiting:)``.
    static let batch = Int(CHTTP_BATCH)

    /// Readable whenever ``collect(into:waiting:)`` would find something.
    let descriptor: Int32

    init() throws(HTTPServerError) {
        descriptor = chttp_poll_create()
        guard descriptor >= 0 else { throw .system(operation: "epoll_create1", errno: errno) }
    }

    /// Waits for a descriptor, whose events carry the token; false when the kernel refuses.
    func add(_ descriptor: Int32, _ interest: Readiness, token: UInt64) -> Bool {
        chttp_poll_add(self.descriptor, descriptor, interest.rawValue, token) == 0
    }

    func change(_ descriptor: Int32, _ interest: Readiness, token: UInt64) {
        let result = chttp_poll_change(self.descriptor, descriptor, interest.rawValue, token)
        assert(result == 0, "epoll_ctl on descriptor \(descriptor): \(errno)")
    }

    /// Takes what is ready, or waits until something is.
    ///
    /// - Parameters:
    ///   - events: Room for ``batch``.
    ///   - milliseconds: How long to wait at most.
    /// - Returns: How many events there are.
    func collect(
        into events: UnsafeMutableBufferPointer<chttp_event>,
        waiting milliseconds: Int32
    ) -> Int {
        max(0, Int(chttp_poll_collect(descriptor, events.baseAddress, milliseconds)))
    }

    func close() {
        _ = Glibc.close(descriptor)
    }
}
