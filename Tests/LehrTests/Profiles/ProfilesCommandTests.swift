import Foundation
import Testing

@testable import lehr

/// `lehr profiles`, run as people run it.
@Suite struct ProfilesCommandTests {
    private let folder = FileManager.default.temporaryDirectory
        .appending(path: "lehr-profiles-\(UUID().uuidString)").path

    private func run(
        _ arguments: String...,
        environment: [String: String] = [:],
        input: String = ""
    ) async throws -> LehrProcess.Ending {
        let environment = environment.merging(["XDG_CONFIG_HOME": folder]) { own, _ in own }
        return try await LehrProcess(arguments, environment: environment, input: input).ending()
    }

    @Test func `a profile's server is asked once it is added, and another where it is named`()
        async throws
    {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let first = try JobService([.sample("queued")])
        let second = try JobService([.sample("running", step: 1)])
        defer { first.stop(); second.stop() }
        #expect(try await run("profiles", "add", "a", "--server", first.url).status == 0)
        #expect(try await run("profiles", "add", "b", "--server", second.url).status == 0)
        #expect(try await run("list").output.contains("queued"))
        #expect(try await run("list", "--profile", "b").output.contains("running"))
        let environment = ["LEHR_PROFILE": "b"]
        #expect(try await run("list", environment: environment).output.contains("running"))
        #expect(try await run("profiles", "use", "b").status == 0)
        #expect(try await run("list").output.contains("running"))
        let list = try await run("profiles")
        #expect(list.lines == ["  a  \(first.url)", "* b  \(second.url)"])
        #expect(try await run("profiles", "remove", "b").status == 0)
        #expect(try await run("profiles").lines == ["  a  \(first.url)"])
    }

    @Test func `a token comes by standard input, and only its owner can read the file`()
        async throws
    {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let url = "https://lehr.example"
        let added = try await run(
            "profiles",
            "add",
            "lab",
            "--server",
            url,
            "--token",
            "-",
            input: "secret\n"
        )
        #expect(added.status == 0)
        let file = ProfileFile(path: folder + "/lehr/profiles.json")
        #expect(try file.read()["lab"].token == "secret")
        let attributes = try FileManager.default.attributesOfItem(atPath: file.path)
        #expect((attributes[.posixPermissions] as? Int) == 0o600)
        let list = try await run("profiles")
        #expect(list.output == "* lab  https://lehr.example  with a token\n")
    }

    @Test func `what is no profile is refused, and a faulty file is named`() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let unknown = try await run("list", "--profile", "lab")
        #expect(unknown.status == ExitStatus.refused.rawValue)
        #expect(unknown.errors.contains("there is no profile lab; `lehr profiles add"))
        let badName = try await run("profiles", "add", "a b", "--server", "http://h")
        #expect(badName.status == ExitStatus.usage.rawValue)
        let badServer = try await run("profiles", "add", "a", "--server", "ftp://h")
        #expect(badServer.status == ExitStatus.refused.rawValue)
        #expect(badServer.errors.contains("is not a server's address"))
        try FileManager.default.createDirectory(
            atPath: folder + "/lehr",
            withIntermediateDirectories: true
        )
        let path = folder + "/lehr/profiles.json"
        try #"{"profiles": {"lab": {}}}"#.write(toFile: path, atomically: true, encoding: .utf8)
        let faulty = try await run("profiles")
        #expect(faulty.status == ExitStatus.refused.rawValue)
        #expect(faulty.errors == "error: \(path) cannot be read: /profiles/lab/server is missing\n")
    }

    @Test func `the shell is offered jobs, schedules' kinds and profiles`() async throws {
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let service = try JobService([.sample("queued")])
        defer { service.stop() }
        _ = try await run("profiles", "add", "lab", "--server", service.url)
        let script = try await run("--generate-completion-script", "bash")
        #expect(script.output.contains("_lehr"))
        let job = try await run(
            "---completion",
            "show",
            "--",
            "positional@0",
            "2",
            "0",
            "lehr",
            "show",
            ""
        )
        #expect(job.lines.first == "@last")
        #expect(job.lines.contains("fashion-cosine"))
    }
}
