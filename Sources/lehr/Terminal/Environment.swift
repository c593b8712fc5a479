import Foundation

/// What the command line reads from the environment; nothing else reads any of it.
struct Environment {
    /// `LEHR_SERVER`: the server where `--server` is not given.
    var server: String?
    /// `LEHR_TOKEN`: the token where `--token` is not given.
    var token: String?
    /// `LEHR_CA_FILE`: the trusted certificates where `--certificate-authority` is not given.
    var authorityFile: String?
    /// `NO_COLOR`: set to anything but nothing, no colours are used.
    var refusesColor: Bool
    /// `TERM`: what kind of terminal it is.
    var terminal: String?

    /// The process's environment.
    static var process: Environment {
        let variables = ProcessInfo.processInfo.environment
        return Environment(
            server: variables["LEHR_SERVER"].flatMap { $0.isEmpty ? nil : $0 },
            token: variables["LEHR_TOKEN"].flatMap { $0.isEmpty ? nil : $0 },
            authorityFile: variables["LEHR_CA_FILE"].flatMap { $0.isEmpty ? nil : $0 },
            refusesColor: variables["NO_COLOR"]?.isEmpty == false,
            terminal: variables["TERM"]
        )
    }
}
