import Glibc

/// The path of a Unix socket, to be listened on.
struct UnixSocket {
    let path: String

    /// The longest path in bytes, the zero at its end not counted.
    private static let limit = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

    /// Binds the path and listens.
    ///
    /// A socket on which nobody listens any more is replaced; no other file is.
    ///
    /// - Returns: The descriptor.
    func listen(backlog: Int) throws(HTTPServerError) -> Int32 {
        guard (1...Self.limit).contains(path.utf8.count) else {
            throw .socketUnavailable(
                path: path,
                "the path must have 1 to \(Self.limit) bytes, not \(path.utf8.count)"
            )
        }
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { throw .system(operation: "socket", errno: errno) }
        // Linux makes the file with the mode of the descriptor, so that nobody else can ever connect.
        fchmod(descriptor, 0o600)
        if let reason = bind(descriptor) {
            close(descriptor)
            throw .socketUnavailable(path: path, reason)
        }
        guard Glibc.listen(descriptor, Int32(clamping: backlog)) == 0 else {
            let code = errno
            close(descriptor)
            unlink(path)
            throw .system(operation: "listen", errno: code)
        }
        return descriptor
    }

    /// Binds; returns why that is not possible.
    private func bind(_ descriptor: Int32) -> String? {
        if withAddress({ Glibc.bind(descriptor, $0, $1) }) == 0 { return nil }
        guard errno == EADDRINUSE else { return String(cString: strerror(errno)) }
        switch answerOfOthers() {
        case ECONNREFUSED where isSocket:
            unlink(path)
            return withAddress({ Glibc.bind(descriptor, $0, $1) }) == 0
                ? nil : String(cString: strerror(errno))
        case 0, EAGAIN: return "another program listens there"
        default: return "there is a file of that name already"
        }
    }

    private var isSocket: Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
    }

    /// What a client of the path gets: 0, or the value of `errno`.
    private func answerOfOthers() -> Int32 {
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let client = socket(AF_UNIX, kind, 0)
        guard client >= 0 else { return errno }
        defer { close(client) }
        return withAddress { connect(client, $0, $1) } == 0 ? 0 : errno
    }

    private func withAddress(
        _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
    ) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
    }
}
