import Glibc

/// A peer's numeric address.
struct PeerAddress: Equatable {
    var text: String
    var isLoopback: Bool

    /// Reads an address of IPv4 or IPv6; a client of a Unix socket is "unix", and one of another family
    /// "unknown".
    init(_ storage: inout sockaddr_storage) {
        var buffer = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
        let family = Int32(storage.ss_family)
        guard family != AF_UNIX else {
            (text, isLoopback) = ("unix", true)
            return
        }
        (text, isLoopback) = withUnsafeBytes(of: &storage) { bytes -> (String, Bool) in
            // The address stands behind family, port and, for IPv6, the flow label.
            let offset = family == AF_INET6 ? 8 : 4
            guard family == AF_INET || family == AF_INET6, let base = bytes.baseAddress,
                inet_ntop(family, base + offset, &buffer, socklen_t(buffer.count)) != nil
            else { return ("unknown", false) }
            let text = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init), as: UTF8.self)
            // IPv4 through an IPv6 socket is written ::ffff:a.b.c.d.
            let plain = text.hasPrefix("::ffff:") ? String(text.dropFirst(7)) : text
            return (plain, plain == "::1" || plain.hasPrefix("127."))
        }
    }
}
