import HTTP
import Testing
import TrainingAPI

@testable import TrainingService

@Suite struct AnswerTests {
    private func answer(_ fields: Fields) -> Response {
        let request = Request(method: .get, path: ["thing"], fields: fields)
        return Answer.tagged(Array("body".utf8), tag: "\"7\"", for: request)
    }

    @Test func `sends a body with its tag`() {
        let response = answer([:])
        #expect(response.status == .ok)
        #expect(response.fields["ETag"] == "\"7\"")
        #expect(response.fields["Content-Type"] == "application/json")
        #expect(response.body == Array("body".utf8))
    }

    @Test(arguments: ["\"7\"", "W/\"7\"", "*", "\"6\", \"7\"", "\"6\" ,\tW/\"7\" "])
    func `spares a body that the client has`(tags: String) {
        let response = answer(["If-None-Match": tags])
        #expect(response.status == .notModified)
        #expect(response.body.isEmpty)
        #expect(response.fields["ETag"] == "\"7\"")
    }

    @Test func `reads every line of a list of tags`() {
        var fields: Fields = ["If-None-Match": "\"5\""]
        fields.append("If-None-Match", "\"7\"")
        #expect(answer(fields).status == .notModified)
    }

    @Test(arguments: ["\"6\"", "7", "W/7", "\"77\"", ""])
    func `sends a body that the client has not`(tags: String) {
        #expect(answer(["If-None-Match": tags]).status == .ok)
    }

    @Test func `tags equal bodies alike and others not`() {
        let tags = [[1, 2], [1, 2], [1, 3]].map { Answer.entityTag(of: $0) }
        #expect(tags[0] == tags[1])
        #expect(tags[0] != tags[2])
        #expect(tags[0].hasPrefix("\"") && tags[0].hasSuffix("\""))
    }

    @Test(arguments: [(503, "1" as String?), (429, "1"), (404, nil)])
    func `asks for patience where another try may succeed`(status: Int, seconds: String?) {
        let problem = Problem(status: status, detail: "No.")
        let response = Answer.problem(problem, for: Request(method: .get, path: [], id: "r-1"))
        #expect(response.status.code == status)
        #expect(response.fields["Retry-After"] == seconds)
        #expect(response.fields["Content-Type"] == "application/problem+json")
        #expect(String(decoding: response.body, as: UTF8.self).contains("r-1"))
    }
}
