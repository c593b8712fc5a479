import HTTP
import Jobs
import Schedules
import Testing
import TrainingAPI

@testable import TrainingService

@Suite struct StoredScheduleTests {
    private let test = TestService()
    private let cosine = #"{"type": "cosine", "learning_rate": 0.1}"#
    private let constant = #"{"type": "constant", "learning_rate": 0.1}"#

    private func put(
        _ schedule: String,
        as name: String = "warm",
        _ fields: [(String, String)] = []
    ) throws -> Response {
        var all: Fields = ["Content-Type": "application/json"]
        for (name, value) in fields { all.set(name, value) }
        return try test.send(.put, "/v1/schedules/\(name)", fields: all, body: schedule)
    }

    private func rates(of id: JobID, in test: TestService) throws -> [Double] {
        let body = try test.send(.get, "/v1/jobs/\(id)/schedule").document
        return body["learning_rates"]?.array?.compactMap(\.double) ?? []
    }

    @Test func `each other content is a version, and the same one is not`() throws {
        let first = try put(cosine)
        #expect(first.status == .created)
        #expect(first.fields["Location"] == "/v1/schedules/warm?version=1")
        let again = try put(#"{"learning_rate": 1e-1, "type": "cosine", "to": 0.0}"#)
        #expect(again.status == .ok)
        #expect(again.body == first.body)
        #expect(try put(constant).document["version"]?.integer == 2)
        let third = try put(cosine)
        #expect(try third.document["version"]?.integer == 3)
        #expect(try third.document["hash"] == first.document["hash"])
        #expect(third.fields["ETag"] != first.fields["ETag"])
        #expect(try test.send(.get, "/v1/schedules/warm?version=1").body == first.body)
        let versions = try test.send(.get, "/v1/schedules/warm/versions?limit=2")
        let page = try #require(StoredSchedulePage(versions.document))
        #expect(page.items.map(\.version) == [3, 2])
        let cursor = try #require(page.nextCursor)
        let rest = try test.send(.get, "/v1/schedules/warm/versions?cursor=\(cursor)")
        #expect(StoredSchedulePage(try rest.document)?.items.map(\.version) == [1])
    }

    @Test func `conditions are kept`() throws {
        #expect(try put(cosine, [("If-Match", "*")]).status == .preconditionFailed)
        let tag = try #require(try put(cosine, [("If-None-Match", "*")]).fields["ETag"])
        #expect(try put(constant, [("If-None-Match", "*")]).status == .preconditionFailed)
        #expect(try put(constant, [("If-Match", "\"1-00\"")]).status == .preconditionFailed)
        #expect(try put(constant, [("If-Match", "W/\(tag)")]).status == .preconditionFailed)
        #expect(try put(constant, [("If-Match", "\"x\", \(tag)")]).status == .created)
        #expect(try put(cosine, [("If-Match", tag)]).status == .preconditionFailed)
        let read = try test.send(.get, "/v1/schedules/warm", fields: ["If-None-Match": tag])
        #expect(read.status == .ok)
        let stale = try test.send(.delete, "/v1/schedules/warm", fields: ["If-Match": tag])
        #expect(stale.status == .preconditionFailed)
        #expect(try test.send(.delete, "/v1/schedules/warm", fields: [:]).status == .noContent)
        #expect(try test.send(.get, "/v1/schedules/warm").status == .notFound)
    }

    @Test(arguments: ["versions", "a b", "-a", "é", String(repeating: "a", count: 101)])
    func `another name is refused`(name: String) throws {
        let response = try put(constant, as: name)
        #expect(response.status == .unprocessableContent)
        #expect(try response.document["detail"]?.string?.contains("the name must be") == true)
        #expect(try test.send(.get, "/v1/schedules/\(name)").status == .notFound)
    }

    @Test(arguments: [
        (#"{"type": "cosine"}"#, "/learning_rate"), (#"{"name": "other"}"#, "/name"),
        (#"{"library": "torch", "name": "StepLR", "params": {}, "learning_rate": 1}"#, "/params"),
        (#"{"library": "torch", "name": "StepRL", "params": {}}"#, "/name"),
        (#"{"type": "step", "learning_rate": 1, "factor": 0.5, "every": 3}"#, "/every"),
    ])
    func `a faulty schedule is refused where it is faulty`(body: String, pointer: String) throws {
        let response = try put(body)
        #expect(response.status == .unprocessableContent)
        let fault = try response.document["errors"]?.array?.first { fault in
            fault["pointer"]?.string == pointer
        }
        #expect(fault?["line"]?.integer == 1, "\(body)")
    }

    @Test func `a job keeps the version that it was accepted with, even past a restart`() throws {
        _ = try put(cosine)
        let id = try test.submit(Sample.job(schedule: #"{"name": "warm"}"#))
        let before = try rates(of: id, in: test)
        let spec = try test.send(.get, "/v1/jobs/\(id)").document["spec"]?["schedule"]
        #expect(spec?["version"]?.integer == 1)
        #expect(spec?["schedule"]?["type"]?.string == "cosine")
        _ = try put(constant)
        _ = try test.send(.delete, "/v1/schedules/warm", fields: [:])
        _ = try put(#"{"type": "rex", "learning_rate": 3}"#)
        let next = TestService(over: test.store)
        #expect(try rates(of: id, in: next) == before)
        #expect(try next.lease().grant.learningRates == before)
        let cause = try next.send(.get, "/v1/jobs/\(id)/explain?step=3").document["summary"]
        #expect(cause?.string?.hasPrefix("schedule \"warm\", version 1; cosine, 3 %") == true)
    }

    @Test func `a job may take an older version, under a peak of its own`() throws {
        _ = try put(cosine)
        _ = try put(constant)
        let old = #"{"name": "warm", "version": 1, "learning_rate": 0.2}"#
        let id = try test.submit(Sample.job(schedule: old))
        let wanted = try Sample.rates(#"{"type": "cosine", "learning_rate": 0.2}"#)
        #expect(try rates(of: id, in: test) == (0..<90).map { wanted.rate(at: $0) })
    }

    @Test func `a normalised job that is submitted again gets the same or is refused`() throws {
        _ = try put(cosine)
        let id = try test.submit(Sample.job(schedule: #"{"name": "warm"}"#))
        let spec = try #require(try test.send(.get, "/v1/jobs/\(id)").document["spec"])
        let text = String(decoding: spec.json(), as: UTF8.self)
        #expect(try test.send(.post, "/v1/jobs", body: text).status == .created)
        let other = text.replacing("\"type\":\"cosine\"", with: "\"type\":\"rex\"")
            .replacing("\"to\":0,\"progress_power\":1,", with: "")
        let refused = try test.send(.post, "/v1/jobs", body: other)
        #expect(refused.status == .unprocessableContent)
        let pointers = try refused.document["errors"]?.array?.compactMap { $0["pointer"]?.string }
        #expect(pointers == ["/schedule/schedule"])
    }

    @Test(arguments: [
        (#"{"name": "cold"}"#, "/schedule/name"),
        (#"{"name": "warm", "version": 2}"#, "/schedule/version"),
        (#"{"name": "warm", "version": 0}"#, "/schedule/version"),
        (#"{"name": "warm", "floor": 0}"#, "/schedule/floor"),
        (#"{"name": 5}"#, "/schedule/name"),
        (#"{"name": "warm", "learning_rate": 0}"#, "/schedule/learning_rate"),
        (#"{"name": "warm", "hash": "00"}"#, "/schedule/hash"),
    ])
    func `a reference that leads nowhere is refused`(schedule: String, pointer: String) throws {
        _ = try put(cosine)
        let response = try test.send(.post, "/v1/jobs", body: Sample.job(schedule: schedule))
        #expect(response.status == .unprocessableContent)
        let pointers = try response.document["errors"]?.array?.compactMap { $0["pointer"]?.string }
        #expect(pointers == [pointer])
        let preview = #"{"steps": 0, "schedule": \#(schedule)}"#
        let shown = try test.send(.post, "/v1/schedules/preview", body: preview)
        let faults = try shown.document["errors"]?.array?.compactMap { $0["pointer"]?.string }
        #expect(Set(faults ?? []) == [pointer, "/steps"])
    }

    @Test func `a preview draws a stored schedule, native or a library's`() throws {
        _ = try put(cosine)
        let step =
            #"{"library": "torch", "name": "StepLR", "params": {"step_size": 2}, "learning_rate": 1}"#
        _ = try put(step, as: "torch-step")
        func preview(_ schedule: String) throws -> [Double] {
            let body = #"{"steps": 4, "schedule": \#(schedule)}"#
            let answer = try test.send(.post, "/v1/schedules/preview", body: body).document
            return answer["learning_rates"]?.array?.compactMap(\.double) ?? []
        }
        #expect(try preview(#"{"name": "warm"}"#) == preview(cosine))
        #expect(try preview(#"{"name": "torch-step"}"#) == [1, 1, 0.1, 0.1])
        #expect(try preview(#"{"name": "torch-step", "learning_rate": 2}"#) == [2, 2, 0.2, 0.2])
    }

    @Test func `a store that cannot be written is told as such`() throws {
        test.store.fail("put", .before)
        #expect(try put(cosine).status == .serviceUnavailable)
    }
}
