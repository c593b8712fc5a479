import Testing
import TrainingAPI

@testable import TrainingClient

@Suite struct LehrClientTests {
    private let clock = RecordingClock()
    private let job = #"""
        {"id": "0197a3f2-0000-7000-8000-000000000001", "kind": "train", "state": "queued",
         "attempt": 0, "spec": {}, "created_at": "2026-01-01T00:00:00Z",
         "progress": {"step": 0, "total_steps": 10, "steps_per_epoch": 5}}
        """#

    private func client(_ transport: ScriptedTransport) -> LehrClient {
        LehrClient(server: .local, transport: transport, clock: clock, jitter: { 0.5 })
    }

    /// The error that `body` throws, if it is a client's.
    private func error(_ body: () async throws -> Void) async -> ClientError? {
        do {
            try await body()
            return nil
        } catch {
            return error as? ClientError
        }
    }

    // MARK: - Requests

    @Test func `submits the bytes as they are under their media type`() async throws {
        let transport = ScriptedTransport(.answer(201, job, fields: ["ETag": "\"1\""]))
        let answer = try await client(transport)
            .submit(Array("epochs: 1\n".utf8), .yaml, idempotencyKey: "mine")
        #expect(answer.value.id == "0197a3f2-0000-7000-8000-000000000001")
        #expect(answer.entityTag == "\"1\"")
        #expect(answer.body == Array(job.utf8))
        let request = try #require(transport.requests.first)
        #expect(request.operation == "POST http://127.0.0.1:8080/v1/jobs")
        #expect(request.body == Array("epochs: 1\n".utf8))
        #expect(request.fields["Content-Type"] == "application/yaml")
        #expect(request.fields["Idempotency-Key"] == "mine")
    }

    @Test func `every attempt of one submission carries the same key`() async throws {
        let transport = ScriptedTransport(
            .error(.connectionLost),
            .answer(503),
            .answer(201, job),
            .answer(201, job)
        )
        let client = client(transport)
        _ = try await client.submit([], .json)
        let keys = transport.requests.map { $0.fields["Idempotency-Key"] }
        #expect(keys.count == 3)
        #expect(Set(keys).count == 1)
        #expect(keys.first??.isEmpty == false)
        _ = try await client.submit([], .json)
        #expect(transport.requests.last?.fields["Idempotency-Key"] != keys.first)
    }

    @Test func `writes queries with every character encoded`() async throws {
        let transport = ScriptedTransport(
            .answer(200, #"{"items": [], "next_cursor": null}"#),
            .answer(200, #"{"series": {}, "complete": true}"#)
        )
        let client = client(transport)
        _ = try await client.jobs(
            JobQuery(states: ["queued", "running"], name: "a&b", labels: ["team": "é"], limit: 5)
        )
        _ = try await client.metrics(
            of: "a/b",
            MetricsQuery(series: ["train_loss", "x y"], fromStep: 3, maximumPoints: 200)
        )
        #expect(
            transport.requests.map(\.operation) == [
                "GET http://127.0.0.1:8080/v1/jobs?state=queued&state=running&name=a%26b"
                    + "&label.team=%C3%A9&limit=5",
                "GET http://127.0.0.1:8080/v1/jobs/a%2Fb/metrics?series=train_loss&series=x%20y"
                    + "&from_step=3&max_points=200",
            ]
        )
    }

    // MARK: - Errors

    @Test func `a refusal carries the problem with every fault`() async throws {
        let transport = ScriptedTransport(
            .answer(
                422,
                #"""
                {"type": "/problems/invalid", "title": "The content is not valid", "status": 422,
                 "detail": "2 values are not valid", "request_id": "r1", "errors": [
                  {"pointer": "/epochs", "detail": "must be a whole number", "code": "type",
                   "line": 3, "column": 9},
                  {"pointer": "/lr", "detail": "is not a field", "code": "unknown"}]}
                """#
            )
        )
        let error = await error { _ = try await client(transport).submit([], .yaml) }
        #expect(error?.code == .refused)
        #expect(error?.description == "2 values are not valid")
        let problem = try #require(error?.problem)
        #expect(problem.requestID == "r1")
        #expect(problem.faults.map(\.pointer) == ["/epochs", "/lr"])
        #expect(problem.faults.first?.position == Document.Position(line: 3, column: 9))
        #expect(problem.faults.last?.code == .unknown)
        #expect(transport.requests.count == 1)
    }

    @Test func `a refusal that is no problem document names the status`() async {
        let transport = ScriptedTransport(.answer(502, "<html>Bad Gateway</html>"))
        let error = await error { _ = try await client(transport).job("1") }
        #expect(error?.problem?.status == 502)
        #expect(
            error?.detail == "the server answered 502 to GET http://127.0.0.1:8080/v1/jobs/1"
        )
    }

    @Test(arguments: ["", "[", "[]", #"{"id": "1"}"#])
    func `an answer that is no job says so`(body: String) async {
        let error = await error {
            _ = try await client(ScriptedTransport(.answer(200, body))).job("1")
        }
        #expect(error?.code == .malformedResponse)
        #expect(
            error?.detail.hasPrefix(
                "the answer to GET http://127.0.0.1:8080/v1/jobs/1 is not one of a Lehr server: "
            )
                == true
        )
    }

    // MARK: - Repeats

    @Test func `repeats with growing waits and honours what the server asks for`() async throws {
        let transport = ScriptedTransport(
            .error(.cannotConnect),
            .answer(503, fields: ["Retry-After": "2"]),
            .answer(429),
            .answer(200, job)
        )
        _ = try await client(transport).job("1")
        #expect(
            clock.sleeps == [.milliseconds(100), .milliseconds(2200), .milliseconds(400)]
        )
    }

    @Test func `gives the last error once its attempts are used up`() async {
        let transport = ScriptedTransport(
            .error(.cannotConnect),
            .error(.connectionLost),
            .error(.connectionLost),
            .answer(503)
        )
        let error = await error { _ = try await client(transport).job("1") }
        #expect(error?.problem?.status == 503)
        #expect(transport.requests.count == 4)
    }

    @Test func `a cancelled task does not wait for the next attempt`() async {
        let transport = ScriptedTransport(.answer(503), .answer(200, job))
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return await error { _ = try await client(transport).job("1") }
        }
        #expect(await task.value?.code == .cancelled)
        #expect(transport.requests.count == 1)
    }

    // MARK: - Streams

    @Test func `streams a table and repeats before its first byte`() async throws {
        let transport = ScriptedTransport(.answer(503), .answer(200, "step,train_loss\n"))
        let body = try await client(transport).metricsCSV(of: "1")
        #expect(try await body.collect(upTo: 100) == Array("step,train_loss\n".utf8))
        #expect(transport.requests.last?.fields["Accept"] == "text/csv")
    }

    @Test func `a refused stream carries the problem`() async {
        let transport = ScriptedTransport(
            .answer(404, #"{"status": 404, "detail": "there is no job 1"}"#)
        )
        let error = await error { _ = try await client(transport).metricsCSV(of: "1") }
        #expect(error?.isNotFound == true)
        #expect(error?.detail == "there is no job 1")
    }
}
