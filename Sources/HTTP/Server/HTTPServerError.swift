import Foundation

/// Why a server could not start.
public enum HTTPServerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// Another socket listens there already.
    case addressInUse(HTTPServerConfiguration.Address)
    /// The host has no address on this machine; the text is the system's reason.
    case addressUnavailable(HTTPServerConfiguration.Address, String)
    /// The process may not listen there, as on ports below 1024.
    case permissionDenied(HTTPServerConfiguration.Address)
    /// The path cannot become a Unix socket; the text is the reason.
    case socketUnavailable(path: String, String)
    /// A value of the configuration that no server can run with, in a sentence.
    case invalidConfiguration(String)
    /// ``HTTPServer/start()`` was called before; a server starts once.
    case alreadyStarted
    /// A system call failed: its name and the value of `errno`.
    case system(operation: String, errno: Int32)

    /// What went wrong and what would be right, as a sentence without its full stop.
    public var description: String {
        switch self {
        case .addressInUse(let address):
            "the address \(address) is in use by another program; name another port, or 0 for any"
        case .addressUnavailable(let address, let reason):
            "cannot listen on \(address): \(reason)"
        case .permissionDenied(let address):
            "no permission to listen on \(address); ports below 1024 are for privileged programs"
        case .socketUnavailable(let path, let reason):
            "cannot listen on the socket \(path): \(reason)"
        case .invalidConfiguration(let sentence): sentence
        case .alreadyStarted: "the server was started before; a server starts once"
        case .system(let operation, let errno):
            "\(operation) failed: \(String(cString: strerror(errno)))"
        }
    }
}
