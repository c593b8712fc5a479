import ArgumentParser
import TrainingClient

/// `lehr profiles`: servers by name.
struct ProfilesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "profiles",
        abstract: "Keep several servers by name.",
        discussion: """
            Examples:
              lehr profiles add lab --server https://lehr.example:8443
              lehr profiles add lab --server https://lehr.example:8443 --token - < token
              lehr profiles use lab
              lehr list --profile lab
              lehr profiles list

            A command asks --server, else --profile, else LEHR_SERVER, else LEHR_PROFILE,
            else the profile in use, else http://127.0.0.1:8080. A profile's token is
            shown to its own server alone. The profiles are in lehr/profiles.json in
            XDG_CONFIG_HOME, else in ~/.config, for their owner's eyes.
            """,
        subcommands: [
            ProfilesListCommand.self, ProfilesAddCommand.self, ProfilesUseCommand.self,
            ProfilesRemoveCommand.self,
        ],
        defaultSubcommand: ProfilesListCommand.self
    )

    /// The file of the user who calls.
    static func file() throws -> ProfileFile {
        guard let file = ProfileFile(.process) else {
            throw Profiles.Failure(
                description:
                    "there is no place for profiles: neither XDG_CONFIG_HOME nor HOME is set"
            )
        }
        return file
    }

    /// Changes the profiles.
    static func change(_ body: (inout Profiles) throws -> Void) throws {
        let file = try file()
        var profiles = try file.read()
        try body(&profiles)
        try file.write(profiles)
    }
}

/// `lehr profiles list`: the profiles, the one in use marked.
struct ProfilesListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the profiles; * marks the one in use."
    )

    func run() throws {
        let profiles = try ProfilesCommand.file().read()
        guard !profiles.profiles.isEmpty else {
            StandardOutput.note("no profiles; `lehr profiles add NAME --server URL` makes one")
            return
        }
        let width = profiles.profiles.keys.map(\.count).max() ?? 0
        let lines = profiles.profiles.sorted { $0.key < $1.key }.map { name, profile in
            let mark = name == profiles.current ? "*" : " "
            let padding = String(repeating: " ", count: width - name.count)
            return "\(mark) \(name)\(padding)  \(profile.server)"
                + (profile.token == nil ? "" : "  with a token")
        }
        try StandardOutput.write(lines: lines)
    }
}

/// `lehr profiles add`: keeps a server.
struct ProfilesAddCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Keep a server under a name; the first is used from then on.",
        discussion: """
            Examples:
              lehr profiles add local --server unix:/run/lehr/lehr.sock
              lehr profiles add lab --server https://lehr.example:8443 --token - < token
            """
    )

    @Argument(help: "The name: 1 to 64 of A-Z a-z 0-9 . _ -")
    var name: String

    @Option(help: "The server's address.")
    var server: String

    @Option(help: "The token that it wants; - reads it from standard input, unseen by others.")
    var token: String?

    @Option(
        help: ArgumentHelp(
            "A file of certificates that are trusted in place of the system's.",
            valueName: "file"
        ),
        completion: .file()
    )
    var certificateAuthority: String?

    func validate() throws {
        guard Profile.isName(name) else {
            throw ValidationError(
                "\(name) cannot be a profile's name; write 1 to 64 of A-Z a-z 0-9 . _ -"
            )
        }
    }

    func run() throws {
        let address = try ServerAddress(server)
        var secret = token
        if token == "-" {
            guard let line = readLine(), !line.isEmpty else {
                throw Profiles.Failure(description: "no token came on standard input")
            }
            secret = line
        }
        let profile = Profile(
            server: address.description,
            token: secret,
            certificateAuthority: certificateAuthority
        )
        try ProfilesCommand.change { $0.add(profile, as: name) }
    }
}

/// `lehr profiles use`: the server of commands that name none.
struct ProfilesUseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "use",
        abstract: "Ask this profile's server where a command names none."
    )

    @Argument(help: "The profile.", completion: .custom(Completions.profiles))
    var name: String

    func run() throws {
        try ProfilesCommand.change { profiles in
            _ = try profiles[name]
            profiles.current = name
        }
    }
}

/// `lehr profiles remove`: forgets a server.
struct ProfilesRemoveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Forget a profile, its token included."
    )

    @Argument(help: "The profile.", completion: .custom(Completions.profiles))
    var name: String

    func run() throws {
        try ProfilesCommand.change { try $0.remove(name) }
    }
}
