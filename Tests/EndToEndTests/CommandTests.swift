import Foundation
import TestSupport
import Testing

/// The commands of `lehr` that ask once, each against a server and what it has made.
@Suite(
    .enabled(if: Bench.binaries != nil, "LEHR_BINARIES must name the release binaries"),
    .timeLimit(.minutes(5))
)
struct CommandTests {
    private static let job = """
        {"name": "first", "dataset": {"name": "spirals"}, "model": {"type": "softmax"},
         "schedule": {"type": "constant", "learning_rate": 0.1}, "steps": 220}
        """

    private let folder: TemporaryFolder
    private let bench: Bench

    init() throws {
        folder = try TemporaryFolder()
        bench = try Bench()
    }

    private func file(_ name: String, _ text: String) throws -> String {
        let file = folder.url.appending(path: name)
        try text.write(to: file, atomically: true, encoding: .utf8)
        return file.path
    }

    /// What a command writes that must succeed.
    @discardableResult
    private func lehr(_ arguments: String..., on server: RunningServer) async throws -> [Substring]
    {
        let (status, output) = try await LehrCommand(arguments, server: server.url).ending()
        try #require(status == 0, "lehr \(arguments.joined(separator: " ")): \(output)")
        return output.lines
    }

    @Test func `a job that has ended is extended, cooled down and forked, each shown before`()
        async throws
    {
        let server = try await bench.start()
        try await lehr("submit", try file("job.json", Self.job), "--watch", on: server)
        let listed = try await server.client.get("/v1/jobs").json()["items"]?.array
        let id = try #require(listed?.first?["id"]?.string)
        let continuations = [
            (["extend", id, "--steps", "330"], "from step 220 to 330"),
            (["cooldown", id, "--at", "220", "--over", "110ba"], "from step 220 to 330"),
            (
                [
                    "fork", id, "--from-step", "220", "--policy", "restart",
                    "--set", "steps=440", "--set", "name=last",
                    "--set", "schedule={type: linear, learning_rate: 0.2}",
                ], "from step 220 to 440"
            ),
        ]
        for (place, (arguments, told)) in continuations.enumerated() {
            let asked = try await LehrCommand(arguments, server: server.url).ending()
            #expect(asked.status != 0)
            #expect(asked.output.errors.contains("--yes does it without asking"))
            #expect(try await lehr("list", on: server).count == place + 2)
            let (status, output) = try await LehrCommand(
                arguments + ["--yes"],
                server: server.url
            ).ending()
            try #require(status == 0, "\(output)")
            #expect(output.lines.last?.hasSuffix(told) == true, "\(output)")
            let watched = try await lehr("watch", "@last", on: server)
            #expect(watched.last?.hasPrefix("succeeded") == true)
        }
        let audit = try await lehr("audit", "last", on: server)
        #expect(audit.first?.hasPrefix("220 steps, each at the rate that it was to have") == true)
        let why = try await lehr("why", "last", "--step", "220", on: server)
        #expect(why.first == "step 220  learning rate 0.2")
    }

    @Test func `what a job leaves behind is listed, fetched, tabled and removed`() async throws {
        let server = try await bench.start()
        try await lehr("submit", try file("job.json", Self.job), "--watch", on: server)
        let table = try await LehrCommand.run("metrics", "@last", "--csv", server: server)
        #expect(table.output.text.contains("\r\n220,"))
        #expect(try await lehr("checkpoints", "@last", on: server).last?.contains("220") == true)
        let target = folder.url.appending(path: "model").path
        try await lehr("artifacts", "@last", "--output", target, on: server)
        let files = try FileManager.default.contentsOfDirectory(atPath: target)
        #expect(Set(files).isSuperset(of: ["model.safetensors", "model.onnx", "metrics.csv"]))
        #expect(try await lehr("logs", "@last", on: server).last?.contains("-- succeeded") == true)
        #expect(try await lehr("show", "first", on: server).isEmpty == false)
        #expect(try await lehr("top", "--once", on: server).last?.contains("succeeded") == true)
        #expect(try await lehr("workers", on: server).count == 2)
        let retried = try await LehrCommand.run("retry", "@last", server: server)
        #expect(retried.status == 2)
        #expect(retried.output.errors.contains("Retry is not possible"))
        try await lehr("delete", "first", on: server)
        #expect(try await lehr("list", on: server) == ["no jobs"])
    }

    @Test func `schedules and datasets that are stored are named by jobs`() async throws {
        let server = try await bench.start()
        let schedule = try file(
            "warm.yaml",
            "type: cosine\nlearning_rate: 0.1\nwarmup: {length: 5%}\n"
        )
        try await lehr("schedule", "put", "warm", schedule, on: server)
        let rows = (0..<60).map { "\($0 % 7),\($0 % 2)" }.joined(separator: "\n")
        let table = try file("rows.csv", "x,y\n\(rows)\n")
        try await lehr("datasets", "put", "rows", table, "--label", "y", on: server)
        #expect(try await lehr("datasets", on: server).contains { $0.hasPrefix("rows ") })
        let job = """
            {"dataset": {"name": "rows"}, "model": {"type": "softmax"},
             "schedule": {"name": "warm"}, "steps": 20}
            """
        try await lehr("submit", try file("rows.json", job), "--watch", on: server)
        #expect(try await lehr("schedule", "list", on: server).last?.contains("warm") == true)
        try await lehr("delete", "@last", on: server)
        try await lehr("schedule", "delete", "warm", on: server)
        try await lehr("datasets", "delete", "rows", on: server)
    }
}
