import TrainingClient

/// Which server a command asks, and what it shows it.
struct ServerChoice: Equatable {
    let address: ServerAddress
    let token: String?
    let certificateAuthority: String?

    /// What the command line says, where it does.
    struct Arguments {
        var server: String?
        var profile: String?
        var token: String?
        var certificateAuthority: String?
    }

    /// Chooses.
    ///
    /// The server is that of the arguments, of the environment, of the profile in use, else the local one;
    /// in arguments and environment an address goes before a profile's name. The token and the
    /// certificates of a profile go to its own server alone.
    ///
    /// - Parameters:
    ///   - arguments: What the command line says.
    ///   - environment: The process's environment.
    ///   - profiles: Reads the profiles; asked only where no address is given.
    /// - Throws: `ClientError` for an address that is none, `Profiles.Failure` for a profile that is not
    ///   there.
    init(
        _ arguments: Arguments,
        _ environment: Environment,
        profiles: () throws -> Profiles
    ) throws {
        var profile: Profile?
        if let server = arguments.server {
            address = try ServerAddress(server)
        } else if let name = arguments.profile {
            profile = try profiles()[name]
            address = try ServerAddress(profile?.server ?? "")
        } else if let server = environment.server {
            address = try ServerAddress(server)
        } else {
            let known = try profiles()
            profile = try (environment.profile ?? known.current).map { name in try known[name] }
            address = try profile.map { try ServerAddress($0.server) } ?? .local
        }
        token = arguments.token ?? environment.token ?? profile?.token
        certificateAuthority =
            arguments.certificateAuthority ?? environment.authorityFile
            ?? profile?.certificateAuthority
    }

    /// Makes a client of the server, and the transport below it, which is to be closed.
    ///
    /// A person waits, so that a server that is not there is told at once.
    func connect(
        _ configuration: TransportConfiguration = TransportConfiguration()
    ) -> (client: LehrClient, transport: CurlTransport) {
        var configuration = configuration
        configuration.certificateAuthorityFile = certificateAuthority
        configuration.unixSocketPath = address.socketPath
        let transport = CurlTransport(configuration: configuration)
        let client = LehrClient(
            server: address,
            token: token,
            transport: transport,
            retries: RetryPolicy(repeatsConnecting: false)
        )
        return (client, transport)
    }
}
