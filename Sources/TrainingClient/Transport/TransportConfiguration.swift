/// How a transport connects to its server; nothing is read from the environment.
public struct TransportConfiguration: Hashable, Sendable {
    /// How long requests may take that do not say so themselves.
    public var timeouts = ClientTimeouts()
    /// The largest content of an answer that is read into memory, in bytes; 64 MiB by default.
    public var maximumResponseBytes = 64 << 20
    /// How many bytes of a streamed answer wait for their reader before the server is held back;
    /// 256 KiB by default.
    public var streamBufferBytes = 256 << 10
    /// What the transport calls itself in `User-Agent`.
    public var userAgent = "lehr"
    /// The path of a Unix socket to connect to in place of the URL's host and port; `nil` for none.
    public var unixSocketPath: String?
    /// A file of certificates (PEM) that are trusted in place of the system's; `nil` for the system's.
    public var certificateAuthorityFile: String?
    /// The URL of a proxy, such as `http://proxy.example:3128`; `nil` to connect directly.
    public var proxy: String?
    /// Hosts that are reached directly where there is a proxy, separated by commas, as curl's
    /// `CURLOPT_NOPROXY` reads them.
    public var directHosts = "localhost,127.0.0.1,::1"

    /// Makes a configuration with the defaults.
    public init() {}
}
