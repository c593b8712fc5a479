import HTTP
import Synchronization
import TrainingAPI

/// A server that gives answers from a list and remembers what it was asked.
final class ScriptedService: Sendable {
    /// What was asked.
    struct Call: Hashable {
        /// `PUT /v1/schedules/warm`.
        let line: String
        let body: String
        /// The fields that say what the body is and under which condition it counts.
        let type: String?
        let condition: String?
    }

    /// `http://127.0.0.1:PORT`.
    let url: String
    private let calls: Calls
    private let server: HTTPServer

    private final class Calls: Sendable {
        let state: Mutex<(answers: [Response], calls: [Call])>

        init(_ answers: [Response]) {
            state = Mutex((answers, []))
        }

        func answer(_ request: Request) -> Response {
            state.withLock { state in
                state.calls.append(
                    Call(
                        line: "\(request.method) \(request.target)",
                        body: String(decoding: request.body, as: UTF8.self),
                        type: request.fields["Content-Type"],
                        condition: request.fields["If-Match"]
                    )
                )
                return state.answers.isEmpty
                    ? Response(status: .internalServerError) : state.answers.removeFirst()
            }
        }
    }

    init(_ answers: [Response]) throws {
        let calls = Calls(answers)
        var router = Router()
        let templates: [(Method, String)] = [
            (.get, "/v1/jobs"), (.get, "/v1/jobs/{id}"), (.get, "/v1/jobs/{id}/explain"),
            (.get, "/v1/schedules"), (.put, "/v1/schedules/{name}"),
            (.get, "/v1/schedules/{name}"), (.delete, "/v1/schedules/{name}"),
            (.get, "/v1/schedules/{name}/versions"), (.get, "/v1/datasets"),
            (.put, "/v1/datasets/{name}"), (.get, "/v1/datasets/{name}"),
            (.delete, "/v1/datasets/{name}"), (.get, "/v1/jobs/{id}/checkpoints"),
            (.get, "/v1/jobs/{id}/checkpoints/{step}"), (.get, "/v1/jobs/{id}/artifacts"),
            (.get, "/v1/jobs/{id}/artifacts/{name}"), (.get, "/v1/workers"),
            (.post, "/v1/archives"), (.post, "/v1/jobs"),
        ]
        for (method, template) in templates {
            router.inline(method, template) { calls.answer($0) }
        }
        self.calls = calls
        server = HTTPServer(router: router)
        url = "http://127.0.0.1:\(try server.start())"
    }

    /// What was asked so far.
    var asked: [Call] { calls.state.withLock { $0.calls } }

    /// Stops the server.
    func stop() {
        server.stop(within: .zero)
    }
}

extension Response {
    /// An answer that holds JSON.
    static func json(_ status: Status, _ text: String) -> Response {
        Response(status: status, body: Array(text.utf8))
    }
}
