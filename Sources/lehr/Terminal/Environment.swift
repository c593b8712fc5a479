import Foundation

/// What the command line reads from the environment; nothing else reads any of it.
struct Environment {
    /// `LEHR_SERVER`: the server where `--server` is not given.
    var server: String?
    /// `LEHR_PROFILE`: the profile where neither `--profile` nor a server is given.
    var profile: String?
    /// `LEHR_TOKEN`: the token where `--token` is not given.
    var token: String?
    /// `LEHR_CA_FILE`: the trusted certificates where `--certificate-authority` is not given.
    var authorityFile: String?
    /// `XDG_CONFIG_HOME`: the folder of the user's settings.
    var configurationFolder: String?
    /// `HOME`: the user's folder.
    var home: String?
    /// `NO_COLOR`: set to anything but nothing, no colours are used.
    var refusesColor: Bool
    /// `TERM`: what kind of terminal it is.
    var terminal: String?

    /// The process's environment.
    static var process: Environment {
        let variables = ProcessInfo.processInfo.environment.filter { !$0.value.isEmpty }
        return Environment(
            server: variables["LEHR_SERVER"],
            profile: variables["LEHR_PROFILE"],
            token: variables["LEHR_TOKEN"],
            authorityFile: variables["LEHR_CA_FILE"],
            configurationFolder: variables["XDG_CONFIG_HOME"],
            home: variables["HOME"],
            refusesColor: variables["NO_COLOR"] != nil,
            terminal: variables["TERM"]
        )
    }
}
