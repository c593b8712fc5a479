import Glibc

/// A bound, listening socket, non-blocking and close-on-exec: of TCP, without Nagle's delay, or a Unix
/// socket.
struct ListeningSocket {
    let descriptor: Int32
    /// The port that was bound, also where any was asked for.
    let port: UInt16
    /// The path of a Unix socket.
    private let path: String?

    init(
        _ address: HTTPServerConfiguration.Address,
        backlog: Int
    ) throws(HTTPServerError) {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE
        var list: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(address.host, "\(address.port)", &hints, &list)
        guard code == 0, let first = list else {
            throw .addressUnavailable(address, String(cString: gai_strerror(code)))
        }
        defer { freeaddrinfo(list) }
        descriptor = try Self.open(first.pointee, address, backlog)
        port = Self.boundPort(descriptor)
        path = nil
    }

    /// Listens on a Unix socket to which only this user can connect.
    init(path: String, backlog: Int) throws(HTTPServerError) {
        descriptor = try UnixSocket(path: path).listen(backlog: backlog)
        port = 0
        self.path = path
    }

    /// Stops listening, and removes a Unix socket's path.
    func close() {
        if let path { unlink(path) }
        Glibc.close(descriptor)
    }

    private static func open(
        _ info: addrinfo,
        _ address: HTTPServerConfiguration.Address,
        _ backlog: Int
    ) throws(HTTPServerError) -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(info.ai_family, kind, 0)
        guard descriptor >= 0 else { throw .system(operation: "socket", errno: errno) }
        var on: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, size)
        // Accepted sockets inherit it.
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, size)
        guard bind(descriptor, info.ai_addr, info.ai_addrlen) == 0,
            listen(descriptor, Int32(clamping: backlog)) == 0
        else {
            let code = errno
            Glibc.close(descriptor)
            switch code {
            case EADDRINUSE: throw .addressInUse(address)
            case EACCES, EPERM: throw .permissionDenied(address)
            case EADDRNOTAVAIL:
                throw .addressUnavailable(address, String(cString: strerror(code)))
            default: throw .system(operation: "bind", errno: code)
            }
        }
        return descriptor
    }

    private static func boundPort(_ descriptor: Int32) -> UInt16 {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutableBytes(of: &storage) { bytes -> UInt16 in
            guard let base = bytes.baseAddress,
                getsockname(descriptor, base.assumingMemoryBound(to: sockaddr.self), &length) == 0
            else { return 0 }
            // The port stands at the same place for IPv4 and IPv6, in network order.
            return UInt16(bytes[2]) << 8 | UInt16(bytes[3])
        }
    }
}
