import ArgumentParser
import Foundation
import TrainingAPI
import TrainingClient

/// What every command that asks a server takes.
struct ServerOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The server's address, also unix:/PATH; LEHR_SERVER, else the profile in use, else"
                + " http://127.0.0.1:8080.",
            valueName: "address"
        )
    )
    var server: String?

    @Option(
        help: "The profile whose server is asked; LEHR_PROFILE. See lehr profiles.",
        completion: .custom(Completions.profiles)
    )
    var profile: String?

    @Option(help: "The token of a server that wants one; LEHR_TOKEN, which other users cannot see.")
    var token: String?

    @Option(
        help: ArgumentHelp(
            "A file of certificates that are trusted in place of the system's; LEHR_CA_FILE.",
            valueName: "file"
        ),
        completion: .file()
    )
    var certificateAuthority: String?

    @Flag(help: "Print the server's answer as JSON.")
    var json = false

    /// Gives `body` a client of the server, and closes it afterwards.
    func withClient<Value>(
        _ body: (LehrClient) async throws -> Value
    ) async throws -> Value {
        let choice = try ServerChoice(
            ServerChoice.Arguments(
                server: server,
                profile: profile,
                token: token,
                certificateAuthority: certificateAuthority
            ),
            .process,
            profiles: { try ProfileFile(.process)?.read() ?? Profiles() }
        )
        let (client, transport) = choice.connect()
        do {
            let value = try await body(client)
            await transport.close()
            return value
        } catch {
            await transport.close()
            throw error
        }
    }

    /// Asks something of a job, and prints the job as it then is.
    func act(
        on job: String,
        _ action: (LehrClient, String) async throws -> Answer<JobBody>
    ) async throws {
        try await withClient { client in
            let id = try await JobReference(job).resolve(with: client).id
            try print(try await action(client, id)) { job, terminal in
                let state = terminal.ink.paint(job.state, JobText.paint(ofState: job.state))
                return ["\(JobText.title(job))  \(state)"]
            }
        }
    }

    /// Prints the answer as JSON where that was asked for, else the lines.
    func print<Value>(
        _ answer: Answer<Value>,
        _ lines: (Value, Terminal) -> [String]
    ) throws {
        if json {
            try StandardOutput.write(answer.body + [UInt8(ascii: "\n")])
        } else {
            try StandardOutput.write(
                lines: lines(answer.value, Terminal.current(Environment.process))
            )
        }
    }
}
