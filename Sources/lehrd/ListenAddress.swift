import ArgumentParser

/// Where a server listens: `127.0.0.1:8080`, `[::1]:0`, `localhost:8080`.
struct ListenAddress: ExpressibleByArgument, Hashable, Sendable {
    /// A name or a numeric address; IPv6 without brackets.
    let host: String
    /// The port; 0 takes a free one.
    let port: UInt16

    init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    init?(argument: String) {
        guard let colon = argument.lastIndex(of: ":"),
            let port = UInt16(argument[argument.index(after: colon)...])
        else { return nil }
        var host = argument[..<colon]
        if host.first == "[", host.last == "]" { host = host.dropFirst().dropLast() }
        guard !host.isEmpty else { return nil }
        self.init(host: String(host), port: port)
    }

    var defaultValueDescription: String { "\(bracketedHost):\(port)" }

    /// The host as it stands in a URL.
    var bracketedHost: String { host.contains(":") ? "[\(host)]" : host }

    /// The host at which the server's own machine reaches it.
    var reachableHost: String {
        switch host {
        case "0.0.0.0": "127.0.0.1"
        case "::": "[::1]"
        default: bracketedHost
        }
    }

    /// Whether only this machine reaches the address.
    var isLoopback: Bool {
        host == "localhost" || host == "::1" || host.hasPrefix("127.")
    }
}
