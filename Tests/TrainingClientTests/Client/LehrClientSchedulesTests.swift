import Testing
import TrainingAPI

@testable import TrainingClient

@Suite struct LehrClientSchedulesTests {
    private let stored = #"""
        {"name": "warm", "version": 2, "hash": "00ff", "created_at": "2026-01-01T00:00:00Z",
         "schedule": {"type": "cosine", "learning_rate": 0.1}}
        """#

    private func client(_ transport: ScriptedTransport) -> LehrClient {
        LehrClient(server: .local, transport: transport, retries: .never)
    }

    @Test func `stores the bytes as they are, under a condition where one is given`() async throws {
        let transport = ScriptedTransport(.answer(201, stored), .answer(200, stored))
        let client = client(transport)
        let text = Array("type: cosine\n".utf8)
        let first = try await client.putSchedule(text, .yaml, as: "warm")
        #expect(first.status == 201 && first.value.version == 2)
        let second = try await client.putSchedule(text, .json, as: "warm", ifMatch: "\"2\"")
        #expect(second.status == 200 && second.value.schedule.learningRate == 0.1)
        let requests = transport.requests
        #expect(
            requests.map(\.operation)
                == Array(repeating: "PUT http://127.0.0.1:8080/v1/schedules/warm", count: 2)
        )
        #expect(requests.map(\.body) == [text, text])
        #expect(
            requests.map { $0.fields["Content-Type"] } == ["application/yaml", "application/json"]
        )
        #expect(requests.map { $0.fields["If-Match"] } == [nil, "\"2\""])
    }

    @Test func `a condition that does not hold is the server's problem`() async throws {
        let problem = #"{"status": 412, "detail": "The condition does not hold"}"#
        let client = client(ScriptedTransport(.answer(412, problem)))
        await #expect {
            _ = try await client.putSchedule([], .json, as: "warm", ifMatch: "\"1\"")
        } throws: {
            ($0 as? ClientError)?.problem?.status == 412
        }
    }

    @Test func `asks for a version, for pages of names and of versions`() async throws {
        let page = #"{"items": [\#(stored)], "next_cursor": "c d"}"#
        let transport = ScriptedTransport(
            .answer(200, stored),
            .answer(200, stored),
            .answer(200, page),
            .answer(200, page),
            .answer(200, #"{"items": [], "next_cursor": null}"#)
        )
        let client = client(transport)
        #expect(try await client.storedSchedule("warm").value.hash == "00ff")
        _ = try await client.storedSchedule("warm", version: 1)
        let names = try await client.storedSchedules(limit: 5).value
        #expect(names.items.map(\.name) == ["warm"] && names.nextCursor == "c d")
        _ = try await client.storedSchedules(cursor: names.nextCursor)
        let last = try await client.scheduleVersions(of: "a.b", limit: 2, cursor: "x").value
        #expect(last.items.isEmpty && last.nextCursor == nil)
        #expect(
            transport.requests.map(\.operation) == [
                "GET http://127.0.0.1:8080/v1/schedules/warm",
                "GET http://127.0.0.1:8080/v1/schedules/warm?version=1",
                "GET http://127.0.0.1:8080/v1/schedules?limit=5",
                "GET http://127.0.0.1:8080/v1/schedules?cursor=c%20d",
                "GET http://127.0.0.1:8080/v1/schedules/a.b/versions?limit=2&cursor=x",
            ]
        )
    }

    @Test func `an item of a page that is no schedule spoils the answer`() async {
        let client = client(ScriptedTransport(.answer(200, #"{"items": [{"name": "warm"}]}"#)))
        await #expect {
            _ = try await client.storedSchedules()
        } throws: {
            ($0 as? ClientError)?.code == .malformedResponse
        }
    }

    @Test func `removes a schedule, and says where there is none`() async throws {
        let transport = ScriptedTransport(
            .answer(204),
            .answer(404, #"{"status": 404, "detail": "There is no schedule \"warm\"."}"#)
        )
        let client = client(transport)
        try await client.deleteSchedule("warm")
        await #expect {
            try await client.deleteSchedule("warm")
        } throws: {
            ($0 as? ClientError)?.isNotFound == true
        }
        #expect(
            transport.requests.map(\.operation)
                == Array(repeating: "DELETE http://127.0.0.1:8080/v1/schedules/warm", count: 2)
        )
    }

    @Test func `asks why a step's rate is what it is`() async throws {
        let explanation = #"""
            {"step": 7, "learning_rate": 0.05, "momentum": 0.9, "summary": "cosine; = 0.05",
             "causes": [{"cause": "cosine", "factor": null, "learning_rate": 0.1},
                        {"cause": "your edit", "factor": 0.5, "learning_rate": 0.05}]}
            """#
        let transport = ScriptedTransport(.answer(200, explanation), .answer(200, explanation))
        let client = client(transport)
        let why = try await client.explain("1", step: 7).value
        #expect(why.step == 7 && why.learningRate == 0.05 && why.momentum == 0.9)
        #expect(why.causes.map(\.factor) == [nil, 0.5])
        _ = try await client.explain("1")
        #expect(
            transport.requests.map(\.operation) == [
                "GET http://127.0.0.1:8080/v1/jobs/1/explain?step=7",
                "GET http://127.0.0.1:8080/v1/jobs/1/explain",
            ]
        )
    }
}
