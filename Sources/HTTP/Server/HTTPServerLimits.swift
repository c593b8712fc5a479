/// How much of everything one server takes; what goes past a limit is refused, never cut.
public struct HTTPServerLimits: Sendable {
    /// The longest request line, in bytes without its line break.
    ///
    /// 8 KiB by default. More is 414.
    public var requestLineBytes = 8 * 1_024
    /// The most fields of one request.
    ///
    /// 100 by default. More is 431.
    public var fieldCount = 100
    /// The most bytes of all field lines of one request with their line breaks.
    ///
    /// 32 KiB by default. More is 431.
    public var fieldBytes = 32 * 1_024
    /// The most bytes of the trailers behind a chunked body, which are dropped.
    ///
    /// 8 KiB by default. More is 431.
    public var trailerBytes = 8 * 1_024
    /// The most bytes of extensions on one chunk, which are passed over.
    ///
    /// 256 by default. More is 400.
    public var chunkExtensionBytes = 256
    /// The most empty lines before a request line.
    ///
    /// 4 by default. More is 400.
    public var leadingBlankLines = 4
    /// The largest body of a route that sets no limit of its own, in bytes.
    ///
    /// 1 MiB by default. More is 413, told before the body is read when its length was given.
    public var bodyBytes = 1_024 * 1_024
    /// The most bytes of bodies that all connections hold at once.
    ///
    /// 256 MiB by default. More is 503.
    public var bufferedBodyBytes = 256 * 1_024 * 1_024
    /// The bytes that must stay free where bodies go to files.
    ///
    /// 64 MiB by default. A body that would leave less is answered 507, before it is read when its
    /// length was given.
    public var freeDiskBytes = 64 * 1_024 * 1_024
    /// The most open connections.
    ///
    /// 10,000 by default. Beyond it the connection that was idle longest is closed, and where none
    /// is idle the new one is answered 503.
    public var connections = 10_000
    /// The most open connections of one address.
    ///
    /// 256 by default. A further one is answered 503.
    public var connectionsPerAddress = 256
    /// Whether connections from this machine count against ``connectionsPerAddress``; they do
    /// not by default.
    public var countsLoopback = false
    /// The most connections that wait to be accepted.
    ///
    /// 1,024 by default, and not above the kernel's own limit.
    public var backlog = 1_024
    /// The bytes of unsent answers beyond which no further pipelined request is read.
    ///
    /// 64 KiB by default.
    public var outputBytes = 64 * 1_024
    /// The unsent bytes of a stream beyond which ``ResponseStream/write(_:)`` says false.
    ///
    /// 256 KiB by default.
    public var streamBytes = 256 * 1_024
    /// The unsent bytes of a stream beyond which its connection is closed.
    ///
    /// 4 MiB by default.
    public var streamCutoffBytes = 4 * 1_024 * 1_024
    /// The smallest body that is compressed for clients that take gzip, in bytes; 0 compresses none.
    ///
    /// 4 KiB by default: below it, compressing costs more time than it saves.
    public var compressedBytes = 4 * 1_024
    /// The most bytes that are read and dropped after a final answer, so that the answer is not
    /// lost to a reset.
    ///
    /// 1 MiB by default.
    public var lingeringBytes = 1_024 * 1_024

    /// The defaults named at each limit.
    public init() {}
}
