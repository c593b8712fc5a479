import HTTP
import Testing
import TrainingAPI

@testable import lehr

@Suite(.timeLimit(.minutes(5))) struct StoredScheduleCommandTests {
    private static func stored(_ version: Int, type: String = "cosine") -> String {
        #"""
        {"name": "warm", "version": \#(version), "hash": "00ff",
         "created_at": "2026-01-01T00:00:00Z",
         "schedule": {"type": "\#(type)", "learning_rate": 0.1}}
        """#
    }

    @Test func `put sends a file as it stands and says whether the version is new`() async throws {
        let service = try ScriptedService([
            .json(.created, Self.stored(1)), .json(.ok, Self.stored(1)),
        ])
        defer { service.stop() }
        let text = "type: cosine  # as everywhere\nlearning_rate: 0.1\n"
        var endings: [LehrProcess.Ending] = []
        for _ in 0..<2 {
            endings.append(
                try await LehrProcess.run(
                    "schedule",
                    "put",
                    "warm",
                    "-",
                    server: service.url,
                    input: text
                )
            )
        }
        #expect(endings.map(\.status) == [0, 0])
        #expect(endings[0].output == "stored warm  version 1  cosine, learning rate 0.1\n")
        #expect(endings[1].output == "unchanged warm  version 1  cosine, learning rate 0.1\n")
        let call = try #require(service.asked.first)
        #expect(call.line == "PUT /v1/schedules/warm")
        #expect(call.body == text)
        #expect(call.type == "application/yaml")
        #expect(call.condition == nil)
    }

    @Test func `put takes the schedule out of a job, sets what is asked and keeps to a tag`()
        async throws
    {
        let service = try ScriptedService([.json(.created, Self.stored(3))])
        defer { service.stop() }
        let ending = try await LehrProcess.run(
            "schedule",
            "put",
            "warm",
            "-",
            "--set",
            "learning_rate=0.05",
            "--if-match",
            "\"2\"",
            server: service.url,
            input: "epochs: 3\nschedule: {type: cosine, learning_rate: 0.1}\n"
        )
        #expect(ending.status == 0, "\(ending.errors)")
        let call = try #require(service.asked.first)
        #expect(call.body == #"{"type":"cosine","learning_rate":0.05}"#)
        #expect(call.type == "application/json")
        #expect(call.condition == "\"2\"")
    }

    @Test func `put shows the faults of a refused schedule where they stand`() async throws {
        let refusal = Problem(
            status: 422,
            detail: "the schedule has 1 fault",
            faults: [
                Fault(
                    pointer: "/T_max",
                    detail: "is not a field; write `over`",
                    code: .unknown,
                    position: Document.Position(line: 2, column: 1)
                )
            ]
        )
        let service = try ScriptedService([
            .json(.unprocessableContent, String(decoding: refusal.json(), as: UTF8.self))
        ])
        defer { service.stop() }
        let ending = try await LehrProcess.run(
            "schedule",
            "put",
            "warm",
            "-",
            server: service.url,
            input: "type: cosine\nT_max: 50\n"
        )
        #expect(ending.status == 2)
        #expect(ending.errors.contains("standard input:2:1"))
        #expect(ending.errors.contains("write `over`"))
    }

    @Test func `show prints a version, list and --versions print tables`() async throws {
        let page = "{\"items\": [\(Self.stored(2, type: "rex")), \(Self.stored(1))]}"
        let service = try ScriptedService([
            .json(.ok, Self.stored(2, type: "rex")), .json(.ok, page), .json(.ok, page),
            .json(.ok, #"{"items": []}"#),
        ])
        defer { service.stop() }
        let shown = try await LehrProcess.run(
            "schedule",
            "show",
            "warm",
            "--version",
            "2",
            server: service.url
        )
        #expect(shown.lines.first == "warm  version 2  stored 2026-01-01T00:00:00Z")
        #expect(shown.output.contains("  hash  00ff\n  type: rex\n"))
        #expect(shown.output.contains("  learning_rate: 0.1\n"))
        let versions = try await LehrProcess.run(
            "schedule",
            "show",
            "warm",
            "--versions",
            server: service.url
        )
        #expect(versions.lines.count == 3)
        #expect(versions.lines[1].split(separator: " ").prefix(3) == ["warm", "2", "rex,"])
        let listed = try await LehrProcess.run(
            "schedule",
            "list",
            "--limit",
            "2",
            server: service.url
        )
        #expect(listed.output == versions.output)
        let none = try await LehrProcess.run("schedule", "list", server: service.url)
        #expect(none.output == "no stored schedules\n")
        #expect(
            service.asked.map(\.line) == [
                "GET /v1/schedules/warm?version=2", "GET /v1/schedules/warm/versions?limit=500",
                "GET /v1/schedules?limit=2", "GET /v1/schedules?limit=50",
            ]
        )
    }

    @Test func `delete says what it removed, or that there is nothing`() async throws {
        let missing = Problem(status: 404, detail: "There is no schedule \"warm\".")
        let service = try ScriptedService([
            Response(status: .noContent),
            .json(.notFound, String(decoding: missing.json(), as: UTF8.self)),
        ])
        defer { service.stop() }
        let removed = try await LehrProcess.run("schedule", "delete", "warm", server: service.url)
        #expect(removed.status == 0)
        #expect(removed.output == "deleted warm\n")
        let again = try await LehrProcess.run("schedule", "delete", "warm", server: service.url)
        #expect(again.status == 2, "\(again.status)")
        #expect(again.errors.contains("There is no schedule \"warm\"."))
        #expect(
            service.asked.map(\.line) == Array(repeating: "DELETE /v1/schedules/warm", count: 2)
        )
    }

    @Test func `JSON is the server's own answer`() async throws {
        let service = try ScriptedService([.json(.ok, Self.stored(2))])
        defer { service.stop() }
        let ending = try await LehrProcess.run(
            "schedule",
            "show",
            "warm",
            "--json",
            server: service.url
        )
        #expect(ending.output == Self.stored(2) + "\n")
    }

    @Test func `why lists the causes with what each makes of the rate`() async throws {
        let job = JobBody.sample()
        let explanation = #"""
            {"step": 4200, "learning_rate": 0.00021, "momentum": 0.9, "summary": "",
             "causes": [{"cause": "warm-up ended at step 400", "factor": null, "learning_rate": null},
                        {"cause": "cosine, 61 % of its way", "factor": null, "learning_rate": 0.00042},
                        {"cause": "step 3900: your edit × 0.5", "factor": 0.5,
                         "learning_rate": 0.00021}]}
            """#
        let service = try ScriptedService([
            .json(.ok, String(decoding: job.json(), as: UTF8.self)), .json(.ok, explanation),
        ])
        defer { service.stop() }
        let ending = try await LehrProcess.run(
            "why",
            job.id,
            "--step",
            "4200",
            server: service.url
        )
        #expect(ending.status == 0, "\(ending.errors)")
        #expect(ending.lines.first == "step 4,200  learning rate 0.00021  momentum 0.9")
        let rows = ending.lines.dropFirst().map {
            $0.split(separator: " ", omittingEmptySubsequences: true)
        }
        #expect(rows.map(\.first) == ["CAUSE", "warm-up", "cosine,", "step"])
        #expect(rows.last?.suffix(3) == ["×", "0.5", "0.00021"])
        #expect(
            service.asked.map(\.line) == [
                "GET /v1/jobs/\(job.id)", "GET /v1/jobs/\(job.id)/explain?step=4200",
            ]
        )
    }

    @Test(arguments: [
        ["schedule", "show", "warm", "--version", "1", "--versions"],
        ["schedule", "list", "--limit", "501"], ["schedule", "put", "warm"], ["why"],
        ["schedule", "convert"], ["schedule", "convert", "--torch", "a", "--keras", "b"],
        ["schedule", "convert", "--torch", "StepLR(opt, 3)", "--unit", "epochs"],
    ])
    func `what is not understood ends with 64`(arguments: [String]) async throws {
        let ending = try await LehrProcess(arguments).ending()
        #expect(ending.status == 64)
        #expect(ending.errors.hasPrefix("Error: "))
    }
}
