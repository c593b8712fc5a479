import HTTP
import Jobs
import Schedules
import Testing
import TrainingAPI

@testable import TrainingService

@Suite struct SubmissionTests {
    private let test = TestService()

    private var count: Int {
        get throws { try test.store.jobs(JobQuery()).jobs.count }
    }

    @Test func `stores a job and says where it is`() throws {
        let response = try test.send(.post, "/v1/jobs", body: Sample.job())
        #expect(response.status == .created)
        let document = try response.document
        let id = try #require(document["id"]?.string)
        #expect(response.fields["Location"] == "/v1/jobs/\(id)")
        #expect(document["state"]?.string == "queued")
        #expect(document["progress"]?["steps_per_epoch"]?.integer == 30)
        #expect(document["progress"]?["total_steps"]?.integer == 90)
        let read = try test.send(.get, "/v1/jobs/\(id)")
        #expect(read.status == .ok)
        #expect(read.body == response.body)
        #expect(read.fields["ETag"] == response.fields["ETag"])
        let etag = try #require(read.fields["ETag"])
        let again = try test.send(.get, "/v1/jobs/\(id)", fields: ["If-None-Match": etag])
        #expect(again.status == .notModified)
    }

    @Test func `checks a job that is not to be stored as thoroughly`() throws {
        let response = try test.send(.post, "/v1/jobs?validate_only=true", body: Sample.job())
        #expect(response.status == .ok)
        #expect(try response.document["total_steps"]?.integer == 90)
        #expect(try response.document["spec"]?["optimizer"]?["momentum"]?.double == 0.9)
        let bad = Sample.job().replacing("spirals", with: "spiral")
        let refused = try test.send(.post, "/v1/jobs?validate_only=true", body: bad)
        #expect(refused.status == .unprocessableContent)
        #expect(try count == 0)
    }

    @Test func `a dataset that is not there is told beside the other faults`() throws {
        let body = #"{"dataset": {"name": "spiral"}, "model": {"type": "mlp"}, "epochs": -1}"#
        let response = try test.send(.post, "/v1/jobs", body: body)
        let faults = try response.document["errors"]?.array?.compactMap { $0["pointer"]?.string }
        #expect(Set(faults ?? []) == ["/epochs", "/dataset/name"])
    }

    @Test(arguments: [
        ("application/json", "{", 400), ("application/json", "", 400), ("text/plain", "{}", 415),
        ("application/json", "{}", 422), ("application/yaml", "a: [", 400),
        ("application/json", "[]", 422),
    ])
    func `stores nothing of what it cannot read`(type: String, body: String, status: Int) throws {
        let response = try test.send(
            .post,
            "/v1/jobs",
            fields: ["Content-Type": type],
            body: body
        )
        #expect(response.status.code == status)
        #expect(try response.document["request_id"]?.string == "request-1")
        #expect(try count == 0)
    }

    @Test func `refuses a body in a coding or without a type`() throws {
        let coded: Fields = ["Content-Type": "application/json", "Content-Encoding": "gzip"]
        for fields in [coded, [:]] {
            let response = try test.send(.post, "/v1/jobs", fields: fields, body: Sample.job())
            #expect(response.status == .unsupportedMediaType)
        }
        #expect(try count == 0)
    }

    @Test func `answers a repeated submission with the first answer`() throws {
        let fields: Fields = ["Content-Type": "application/json", "Idempotency-Key": "k"]
        let first = try test.send(.post, "/v1/jobs", fields: fields, body: Sample.job())
        let second = try test.send(.post, "/v1/jobs", fields: fields, body: Sample.job())
        #expect(first.fields["Idempotent-Replayed"] == nil)
        #expect(second.fields["Idempotent-Replayed"] == "true")
        #expect(second.status == .created)
        #expect(second.body == first.body)
        #expect(second.fields["Location"] == first.fields["Location"])
        let other = try test.send(.post, "/v1/jobs", fields: fields, body: Sample.job() + " ")
        #expect(other.status == .unprocessableContent)
        #expect(try count == 1)
    }

    @Test func `lists jobs a page at a time, newest first`() throws {
        let ids = try (0..<3).map { index in
            try test.submit(Sample.job(fields: "\"name\": \"n\(index)\","))
        }
        let first = try test.send(.get, "/v1/jobs?limit=2")
        let items = try first.document["items"]?.array?.compactMap { $0["id"]?.string }
        #expect(items == [ids[2].description, ids[1].description])
        let cursor = try #require(try first.document["next_cursor"]?.string)
        #expect(first.fields["Link"] == "</v1/jobs?limit=2&cursor=\(cursor)>; rel=\"next\"")
        let second = try test.send(.get, "/v1/jobs?limit=2&cursor=\(cursor)")
        #expect(
            try second.document["items"]?.array?.compactMap { $0["id"]?.string }
                == [ids[0].description]
        )
        #expect(second.fields["Link"] == nil)
        let named = try test.send(.get, "/v1/jobs?name=n1")
        #expect(try named.document["items"]?.array?.count == 1)
    }

    @Test(arguments: ["nope", "01900000-0000-7000-8000-000000000000"])
    func `has no job under another id`(id: String) throws {
        for target in ["/v1/jobs/\(id)", "/v1/jobs/\(id)/schedule"] {
            #expect(try test.send(.get, target).status == .notFound)
        }
        #expect(try test.send(.post, "/v1/jobs/\(id)/cancel").status == .notFound)
    }

    @Test func `shows the rates of a job that waits`() throws {
        let id = try test.submit()
        let response = try test.send(.get, "/v1/jobs/\(id)/schedule?from_step=30&to_step=60")
        let rates = try Sample.rates(#"{"type": "cosine", "learning_rate": 0.1}"#)
        let shown = try #require(try response.document["learning_rates"]?.array)
        #expect(shown.compactMap(\.double) == (30..<60).map { rates.rate(at: $0) })
        #expect(response.fields["ETag"] == "\"1\"")
        let wrong = try test.send(.get, "/v1/jobs/\(id)/schedule?from_step=5&to_step=4")
        #expect(wrong.status == .unprocessableContent)
    }
}
