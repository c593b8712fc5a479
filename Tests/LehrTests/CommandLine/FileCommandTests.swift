import Foundation
import HTTP
import TestSupport
import Testing
import TrainingAPI

@testable import lehr

/// `lehr checkpoints` and `lehr artifacts`.
@Suite(.timeLimit(.minutes(5))) struct FileCommandTests {
    private static let job = JobBody.sample()

    private static func answer(_ body: some JSONWritable) -> Response {
        Response(status: .ok, body: body.json())
    }

    private static func list(_ items: String) -> Response {
        .json(.ok, "{\"items\": [\(items)], \"next_cursor\": null}")
    }

    private static func file(_ text: String) -> Response {
        Response(status: .ok, body: Array(text.utf8))
    }

    private static let artifacts = #"""
        {"name": "model.py", "media_type": "text/x-python", "size": 2048, "hash": "00",
         "summary": "the model in PyTorch"},
        {"name": "metrics.csv", "media_type": "text/csv", "size": null, "hash": null,
         "summary": "every metric"}
        """#

    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func written(_ name: String) throws -> String {
        try String(contentsOf: folder.url.appending(path: name), encoding: .utf8)
    }

    @Test func `checkpoints lists them, and fetches one into a file`() async throws {
        let service = try ScriptedService([
            Self.answer(Self.job),
            Self.list(
                #"""
                {"step": 500, "hash": "0123456789abcdef", "size": 1250000, "environment": "here",
                 "exact": true, "created_at": "2026-01-01T00:00:00Z"}
                """#
            ),
            Self.answer(Self.job), Self.list(""), Self.answer(Self.job), Self.file("state"),
        ])
        defer { service.stop() }
        let id = Self.job.id
        let listed = try await LehrProcess.run("checkpoints", id, server: service.url)
        #expect(listed.status == 0, "\(listed.errors)")
        #expect(
            listed.lines.last?.split(separator: " ") == [
                "500", "1.25", "MB", "yes", "2026-01-01T00:00:00Z", "0123456789ab",
            ]
        )
        let none = try await LehrProcess.run("checkpoints", id, server: service.url)
        #expect(none.output == "no checkpoints yet\n")
        let path = folder.url.appending(path: "deep/state.safetensors").path
        let fetched = try await LehrProcess.run(
            "checkpoints",
            id,
            "--step",
            "500",
            "--output",
            path,
            server: service.url
        )
        #expect(fetched.errors == "wrote \(path)\n")
        #expect(try written("deep/state.safetensors") == "state")
        #expect(service.asked.last?.line == "GET /v1/jobs/\(id)/checkpoints/500")
    }

    @Test func `a checkpoint that is not there leaves no file`() async throws {
        let missing = Problem(status: 404, detail: "Job x has no checkpoint of step 7.")
        let service = try ScriptedService([
            Self.answer(Self.job), Response(status: .notFound, body: missing.json()),
        ])
        defer { service.stop() }
        let path = folder.url.appending(path: "state.safetensors").path
        let ending = try await LehrProcess.run(
            "checkpoints",
            Self.job.id,
            "--step",
            "7",
            "--output",
            path,
            server: service.url
        )
        #expect(ending.status == 2)
        #expect(ending.errors.contains("has no checkpoint of step 7"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    }

    @Test func `artifacts lists them, and writes one to standard output`() async throws {
        let service = try ScriptedService([
            Self.answer(Self.job), Self.list(Self.artifacts), Self.answer(Self.job),
            Self.file("import torch\n"),
        ])
        defer { service.stop() }
        let id = Self.job.id
        let listed = try await LehrProcess.run("artifacts", id, server: service.url)
        let rows = listed.lines.map { $0.split(separator: " ").map(String.init) }
        #expect(rows.map(\.first) == ["NAME", "model.py", "metrics.csv"])
        #expect(rows[1].prefix(3) == ["model.py", "2.05", "kB"])
        let shown = try await LehrProcess.run("artifacts", id, "model.py", server: service.url)
        #expect(shown.output == "import torch\n")
        #expect(service.asked.last?.line == "GET /v1/jobs/\(id)/artifacts/model.py")
    }

    @Test func `artifacts writes all of them, or those named, into a folder`() async throws {
        let service = try ScriptedService([
            Self.answer(Self.job), Self.list(Self.artifacts), Self.file("model"),
            Self.file("metrics"), Self.answer(Self.job), Self.file("again"),
        ])
        defer { service.stop() }
        let path = folder.url.appending(path: "model").path
        let all = try await LehrProcess.run(
            "artifacts",
            Self.job.id,
            "--output",
            path,
            server: service.url
        )
        #expect(all.errors == "wrote \(path)/model.py\nwrote \(path)/metrics.csv\n")
        #expect(try written("model/model.py") == "model")
        #expect(try written("model/metrics.csv") == "metrics")
        let one = try await LehrProcess.run(
            "artifacts",
            Self.job.id,
            "metrics.csv",
            "--output",
            path,
            server: service.url
        )
        #expect(one.status == 0)
        #expect(try written("model/metrics.csv") == "again")
        #expect(try written("model/model.py") == "model")
    }

    @Test func `a server chooses no place outside the folder`() async throws {
        let service = try ScriptedService([
            Self.answer(Self.job),
            Self.list(
                #"{"name": "../stolen", "media_type": "a/b", "size": 1, "hash": "0", "summary": ""}"#
            ),
        ])
        defer { service.stop() }
        let ending = try await LehrProcess.run(
            "artifacts",
            Self.job.id,
            "--output",
            folder.url.appending(path: "inside").path,
            server: service.url
        )
        #expect(ending.status == 0)
        #expect(service.asked.count == 2, "what has such a name is not fetched")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    }

    @Test(arguments: [
        ["checkpoints"], ["checkpoints", "@last", "--output", "x"],
        ["artifacts", "@last", "a", "b"], ["artifacts", "@last", "a", "--json"],
        ["datasets", "put", "iris"], ["datasets", "show"],
    ])
    func `what is not understood ends with 64`(arguments: [String]) async throws {
        let ending = try await LehrProcess(arguments).ending()
        #expect(ending.status == 64)
        #expect(ending.errors.hasPrefix("Error: "))
    }
}
