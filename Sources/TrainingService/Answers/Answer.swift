internal import HTTP
internal import TrainingAPI

/// Builds the answers of routes.
enum Answer {
    /// A JSON body.
    static func json(
        _ body: [UInt8],
        status: Status = .ok,
        fields: Fields = [:]
    ) -> Response {
        var fields = fields
        fields.set("Content-Type", "application/json")
        return Response(status: status, fields: fields, body: body)
    }

    /// A job that was accepted.
    static func created(_ job: [UInt8], id: String, tag: String) -> Response {
        json(job, status: .created, fields: ["Location": "/v1/jobs/\(id)", "ETag": tag])
    }

    /// A job that was accepted under the same key before.
    static func replayed(_ job: [UInt8]) -> Response {
        // The body was written here or in an earlier run of the service.
        let document = (try? JSONReader.read(job))?.document
        let tag = JobBodies.tag(version: 1, waiting: document?["state_reason"]?.string)
        var answer = created(job, id: document?["id"]?.string ?? "", tag: tag)
        answer.fields.set("Idempotent-Replayed", "true")
        return answer
    }

    /// A body with a strong entity tag, or 304 where the client has it already (RFC 9110, 13.1.2).
    static func tagged(
        _ body: [UInt8],
        mediaType: String = "application/json",
        tag: String? = nil,
        fields: Fields = [:],
        for request: Request
    ) -> Response {
        let tag = tag ?? entityTag(of: body)
        var fields = fields
        fields.set("ETag", tag)
        fields.set("Cache-Control", "no-cache")
        if request.fields.values(for: "If-None-Match").contains(where: { matches($0, tag) }) {
            return Response(status: .notModified, fields: fields)
        }
        fields.set("Content-Type", mediaType)
        return Response(status: .ok, fields: fields, body: body)
    }

    /// A problem document.
    static func problem(_ problem: Problem, for request: Request) -> Response {
        var problem = problem
        problem.requestID = request.id
        return Answer.problem(problem)
    }

    /// A problem document that names its request already.
    static func problem(_ problem: Problem) -> Response {
        var fields: Fields = ["Content-Type": Problem.mediaType]
        if problem.status == 503 || problem.status == 429 { fields.set("Retry-After", "1") }
        var response = Response(
            status: Status(problem.status),
            fields: fields,
            body: problem.json()
        )
        response.note = problem.detail
        return response
    }

    /// The strong entity tag of a body.
    static func entityTag(of body: [UInt8]) -> String {
        "\"\(Digest.hexadecimal(of: body).prefix(24))\""
    }

    /// Whether an `If-None-Match` or `If-Match` list holds `tag`; weak tags compare by their text.
    static func matches(_ list: String, _ tag: String) -> Bool {
        list.split(separator: ",").contains { item in
            var text = item.drop { $0 == " " || $0 == "\t" }
            while text.last == " " || text.last == "\t" { text.removeLast() }
            return text == "*" || text == tag || text.dropFirst(2) == tag && text.hasPrefix("W/")
        }
    }
}
