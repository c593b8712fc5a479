import Testing
import TrainingClient

@testable import lehr

@Suite struct ServerChoiceTests {
    private static let profiles = Profiles(
        current: "lab",
        profiles: [
            "lab": Profile(
                server: "https://lab:8443",
                token: "l",
                certificateAuthority: "/lab.pem"
            ),
            "home": Profile(server: "unix:/run/lehr.sock", token: "h"),
        ]
    )

    private func choice(
        _ arguments: ServerChoice.Arguments = ServerChoice.Arguments(),
        server: String? = nil,
        profile: String? = nil,
        token: String? = nil,
        profiles: Profiles = profiles
    ) throws -> ServerChoice {
        let environment = Environment(
            server: server,
            profile: profile,
            token: token,
            refusesColor: false
        )
        return try ServerChoice(arguments, environment) { profiles }
    }

    @Test func `the local server is asked where nothing says another`() throws {
        let choice = try choice(profiles: Profiles())
        #expect(choice.address == .local)
        #expect(choice.token == nil)
    }

    @Test func `the profile in use gives server, token and certificates`() throws {
        let choice = try choice()
        #expect(choice.address.url == "https://lab:8443")
        #expect(choice.token == "l")
        #expect(choice.certificateAuthority == "/lab.pem")
    }

    @Test func `arguments go before the environment, and that before the profile in use`() throws {
        #expect(try choice(profile: "home").address.socketPath == "/run/lehr.sock")
        #expect(try choice(server: "http://b", profile: "home").address.url == "http://b")
        var arguments = ServerChoice.Arguments(profile: "home")
        #expect(try choice(arguments, server: "http://b").token == "h")
        arguments.server = "http://c"
        #expect(try choice(arguments, server: "http://b").address.url == "http://c")
    }

    @Test func `a profile's token is shown to no other server`() throws {
        #expect(try choice(ServerChoice.Arguments(server: "http://other")).token == nil)
        #expect(try choice(server: "http://other").token == nil)
        #expect(try choice(server: "http://other").certificateAuthority == nil)
        #expect(try choice(server: "http://other", token: "t").token == "t")
    }

    @Test func `a token that was given goes before the profile's`() throws {
        #expect(try choice(token: "t").token == "t")
        #expect(try choice(ServerChoice.Arguments(token: "a"), token: "t").token == "a")
    }

    @Test func `a profile that is not there is refused with those that are`() {
        #expect {
            try choice(ServerChoice.Arguments(profile: "hoem"))
        } throws: { error in
            "\(error)" == "there is no profile hoem; there are home, lab"
        }
    }
}
