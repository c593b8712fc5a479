import Foundation
import TestSupport
import Testing

/// `lehr` as people use it, beside a server that is killed and comes back.
@Suite(
    .enabled(if: Bench.binaries != nil, "LEHR_BINARIES must name the release binaries"),
    .timeLimit(.minutes(5))
)
struct WatchTests {
    /// A job that runs until it is cancelled, with a validation every so many steps.
    private static func job(validatedEvery steps: Int) -> String {
        """
        {"name": "endless", "dataset": {"name": "spirals"},
         "model": {"type": "mlp", "hidden": [64, 64]}, "schedule": {"learning_rate": 0.0001},
         "steps": 1000000000, "batch_size": 64, "evaluate": {"every": {"steps": \(steps)}},
         "checkpoint": {"every": {"seconds": 0.3}}}
        """
    }

    private static let endless = job(validatedEvery: 1_000_000)

    /// The steps of the lines that tell of validations, in order.
    private func steps(_ output: LehrCommand.Output) -> [Int] {
        output.lines.filter { $0.hasPrefix("step ") }.compactMap {
            Int($0.dropFirst(5).prefix { $0 != "/" }.replacing(",", with: ""))
        }
    }

    /// The states that the lines tell of, in order.
    private func states(_ output: LehrCommand.Output) -> [Substring] {
        output.lines.filter { !$0.hasPrefix("step ") }.map { $0.prefix { $0.isLetter } }
    }

    @Test func `a job that is watched is steered by other commands, and its end is the watcher's`()
        async throws
    {
        let bench = try Bench()
        let folder = try TemporaryFolder()
        let server = try await bench.start()
        let file = folder.url.appending(path: "job.json")
        try Self.endless.write(to: file, atomically: true, encoding: .utf8)
        let watched = try LehrCommand(["submit", file.path, "--watch"], server: server.url)
        try await watched.wait { states($0).contains("running") }
        #expect(try await LehrCommand.run("pause", "endless", server: server).status == 0)
        try await watched.wait { states($0).contains("paused") }
        let edit = try await LehrCommand.run(
            "edit-schedule",
            "@last",
            "--scale",
            "0.5",
            "--note",
            "too steep",
            "--yes",
            server: server
        )
        #expect(edit.status == 0, "\(edit.output)")
        #expect(edit.output.lines.last?.hasSuffix("; version 2") == true, "\(edit.output)")
        let resumed = try await LehrCommand.run("resume", "@last", server: server)
        #expect(resumed.status == 0)
        try await watched.wait { states($0).filter { $0 == "running" }.count == 2 }
        let cancelled = try await LehrCommand.run("cancel", "@last", server: server)
        #expect(cancelled.status == 0)
        let (status, output) = try await watched.ending()
        #expect(status == 3, "\(output)")
        #expect(states(output).last == "cancelled")
        #expect(states(output).filter { $0 == "running" }.count == 2)
        #expect(output.errors == "")
        let audit = try await LehrCommand.run("audit", "@last", server: server)
        #expect(audit.status == 0, "\(audit.output)")
        withExtendedLifetime(bench) {}
    }

    @Test func `a job that waits is watched until Ctrl-C, and to its end by who comes back`()
        async throws
    {
        let bench = try Bench(workers: 0)
        let server = try await bench.start()
        let id = try await server.client.submit(Self.endless)
        let first = try LehrCommand(["watch", id], server: server.url)
        try await first.wait { $0.lines == ["queued: Waits for a free worker."] }
        first.interrupt()
        let left = try await first.ending()
        #expect(left.status == 130)
        #expect(left.output.errors.contains("`lehr watch \(id)` comes back to it"))
        #expect(try await server.client.job(id)["state"]?.string == "queued")
        let second = try LehrCommand(["watch", "@last"], server: server.url)
        try await second.wait { $0.lines.count == 1 }
        #expect(try await LehrCommand.run("cancel", id, server: server).status == 0)
        let (status, output) = try await second.ending()
        #expect(status == 3, "\(output)")
        #expect(states(output) == ["queued", "cancelled"])
        withExtendedLifetime(bench) {}
    }

    @Test func `what is watched or followed through kills of the server is told once and whole`()
        async throws
    {
        // A socket has a name that the next server can have again, as a port may not be.
        let folder = try TemporaryFolder()
        let socket = folder.url.appending(path: "lehr").path
        let bench = try Bench(arguments: ["--socket", socket])
        var server = try await bench.start()
        let id = try await server.client.submit(Self.job(validatedEvery: 2_000))
        let watched = try LehrCommand(["watch", id], server: "unix:\(socket)")
        let followed = try LehrCommand(["logs", id, "--follow"], server: "unix:\(socket)")
        for run in 1...3 {
            try await watched.wait { steps($0).count >= 3 * run }
            try await followed.wait { $0.text.contains("-- run \(run) ") }
            guard run < 3 else { break }
            #expect(await server.kill() == .signal(SIGKILL))
            try await watched.wait {
                $0.errors.components(separatedBy: "waiting for it").count > run
            }
            server = try await bench.start()
        }
        #expect(try await LehrCommand.run("cancel", id, server: server).status == 0)
        let (status, output) = try await watched.ending()
        #expect(status == 3, "\(output)")
        let validations = try await server.client.curve("validation_loss", of: id).steps
        #expect(steps(output) == validations)
        let log = try await followed.ending()
        #expect(log.status == 0, "\(log.output.errors)")
        #expect(log.output.text == (try await server.client.get("/v1/jobs/\(id)/logs").text))
        withExtendedLifetime(bench) {}
    }

    @Test func `a server that stops in order and starts again ends no following`() async throws {
        let folder = try TemporaryFolder()
        let socket = folder.url.appending(path: "lehr").path
        let bench = try Bench(arguments: ["--socket", socket])
        var server = try await bench.start()
        let id = try await server.client.submit(Self.endless)
        let watched = try LehrCommand(["watch", id, "--json"], server: "unix:\(socket)")
        let followed = try LehrCommand(["logs", id, "--follow"], server: "unix:\(socket)")
        try await followed.wait { $0.text.contains("-- run 1 ") }
        #expect(await server.stop() == .exit(0))
        server = try await bench.start()
        try await followed.wait { $0.text.contains("-- run 2 ") }
        #expect(try await LehrCommand.run("cancel", id, server: server).status == 0)
        let (status, output) = try await watched.ending()
        #expect(status == 3, "\(output)")
        #expect(try JSONValue(parsing: output.text.utf8)["state"]?.string == "cancelled")
        let log = try await followed.ending()
        #expect(log.status == 0, "\(log.output.errors)")
        #expect(log.output.text == (try await server.client.get("/v1/jobs/\(id)/logs").text))
        withExtendedLifetime(bench) {}
    }
}
