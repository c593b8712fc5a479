import TestSupport
import Testing

/// How one kind of answer is provoked.
struct Provocation: Sendable, CustomTestStringConvertible {
    /// What a real server must answer.
    let promise: Contract.Promise
    /// What is done, in a few words.
    let title: String
    /// The fields that this answer must have beside the required ones.
    let fields: [String]
    /// Does it.
    let provoke: @Sendable (Stage) async throws -> HTTPReply

    /// Describes a provocation.
    ///
    /// - Parameters:
    ///   - operation: The operation's id in the contract.
    ///   - status: The status of the answer.
    ///   - title: What is done, in a few words.
    ///   - mediaType: The body's type, where it is neither JSON nor, from status 400 on, a problem.
    ///   - fields: The fields that this answer must have beside the required ones.
    ///   - provoke: Does it.
    init(
        _ operation: String,
        _ status: Int,
        _ title: String,
        mediaType: String? = nil,
        fields: [String] = [],
        _ provoke: @escaping @Sendable (Stage) async throws -> HTTPReply
    ) {
        let usual: String? =
            switch status {
            case 204, 304: nil
            case 400...: "application/problem+json"
            default: "application/json"
            }
        promise = Contract.Promise(
            operation: operation,
            status: status,
            mediaType: mediaType ?? usual
        )
        self.title = title
        self.fields = fields
        self.provoke = provoke
    }

    var testDescription: String { "\(promise.operation) \(promise.status): \(title)" }

    /// The whole table.
    static let all =
        submission + reading + cancelling + actions + edits + forks + events + series + schedules
        + storedSchedules + previews + libraryPreviews + files + catalogues + datasets + leasing
        + reporting + completing + scripts + archives + targets + operation
        + beforeRouting

    /// Reads `target` twice, the second time with the tag of the first answer.
    static func unchanged(
        _ operation: String,
        _ title: String = "the tag of the answer before",
        _ target: @escaping @Sendable (Stage) -> (HTTPClient, String)
    ) -> Provocation {
        Provocation(operation, 304, title) { stage in
            let (client, path) = target(stage)
            let first = try await client.get(path)
            let tag = try #require(first.field("ETag"))
            return try await client.get(path, fields: ["If-None-Match": tag])
        }
    }

    /// The refusals of a body that every operation with a JSON body knows, whatever the body says.
    static func refusals(
        of operation: String,
        at path: String,
        by method: String = "POST"
    ) -> [Provocation] {
        func post(_ body: String, as type: String = "application/json") -> HTTPRequest {
            HTTPRequest(method, path, fields: ["Content-Type": type], body: Array(body.utf8))
        }
        var endless = post("")
        endless.announcedLength = 6 << 30
        var coded = post("{}")
        coded.fields.append((name: "Content-Encoding", value: "gzip"))
        return [
            (400, "half a document", post(#"{"dataset": "#)), (400, "nothing", post("")),
            (400, "10,000 brackets", post(String(repeating: "[", count: 10_000))),
            (413, "a length of 6 GiB, and nothing of it", endless),
            (415, "plain text", post("{}", as: "text/plain")),
            (415, "a coding that is not read", coded),
            (422, "a list where an object must be", post("[]")),
        ].map { status, title, request in
            Provocation(operation, status, title) { try await $0.manual.client.send(request) }
        }
    }
}
