import TestSupport

extension Contract {
    /// Every way in which `reply` breaks the promise of `operation`; empty where it keeps it.
    func violations(of reply: HTTPReply, to operation: String) throws -> [String] {
        guard let responses = operations[operation]?.responses else {
            throw Malformed(description: "there is no operation \(operation)")
        }
        guard let response = responses[reply.status] else {
            return ["the status \(reply.status) is not documented"]
        }
        let validator = SchemaValidator(document: document, refusesUnlisted: true)
        return try fieldViolations(of: reply, by: response, validator)
            + bodyViolations(of: reply, by: response, validator)
            + problemViolations(of: reply)
    }

    private func fieldViolations(
        of reply: HTTPReply,
        by response: JSONValue,
        _ validator: SchemaValidator
    ) throws -> [String] {
        try (response["headers"]?.object ?? [:]).flatMap { name, object in
            let header = try validator.dereferenced(object)
            guard let value = reply.field(name) else {
                return header["required"] == true ? ["the field \(name) is missing"] : []
            }
            return try validator.violations(of: .string(value), by: header["schema"] ?? true)
                .map { "the field \(name): \($0)" }
        }
    }

    private func bodyViolations(
        of reply: HTTPReply,
        by response: JSONValue,
        _ validator: SchemaValidator
    ) throws -> [String] {
        guard let content = response["content"]?.object else {
            return reply.body.isEmpty ? [] : ["there is a body and none is documented"]
        }
        guard let type = reply.mediaType, let media = content[type] else {
            return ["the media type \(reply.mediaType ?? "-") is not documented"]
        }
        guard let schema = media["schema"] else {
            throw Malformed(description: "\(type) has no schema")
        }
        let isJSON = type == "application/json" || type.hasSuffix("+json")
        let value = isJSON ? try reply.json() : .string(reply.text)
        var found = try validator.violations(of: value, by: schema).map(\.description)
        if let lineSchema = media["x-line-schema"] {
            for (number, line) in reply.text.split(separator: "\n").enumerated() {
                found += try validator.violations(
                    of: JSONValue(parsing: line.utf8),
                    by: lineSchema
                ).map { "line \(number + 1): \($0)" }
            }
        }
        return found
    }

    /// What a problem document says twice must agree.
    private func problemViolations(of reply: HTTPReply) throws -> [String] {
        guard reply.mediaType == "application/problem+json" else { return [] }
        let problem = try reply.json()
        var found: [String] = []
        if problem["status"]?.integer != reply.status {
            found.append("the problem's status is not the answer's")
        }
        if problem["request_id"]?.string != reply.field("X-Request-Id") {
            found.append("the problem's request_id is not X-Request-Id")
        }
        return found
    }
}
