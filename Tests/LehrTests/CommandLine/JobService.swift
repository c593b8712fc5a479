import HTTP
import Synchronization
import TrainingAPI

/// A small server of one job for the command line: each look at the job gives its next state.
final class JobService: Sendable {
    /// The job's states to come; the last one stays.
    private final class Course: Sendable {
        private let jobs: Mutex<[JobBody]>

        init(_ jobs: [JobBody]) {
            self.jobs = Mutex(jobs)
        }

        func next() -> JobBody {
            jobs.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] }
        }
    }

    /// `http://127.0.0.1:PORT`.
    let url: String
    /// Every request as it comes: `GET /v1/jobs/1`.
    let requests: AsyncStream<String>
    private let server: HTTPServer

    /// Serves a job that goes through `jobs`; `refusal` answers submissions.
    init(_ jobs: [JobBody], refusal: Problem? = nil) throws {
        let course = Course(jobs)
        let (requests, feed) = AsyncStream.makeStream(of: String.self)
        var router = Router()
        func route(
            _ method: Method,
            _ template: String,
            _ answer: @escaping @Sendable (Request) -> Response
        ) {
            router.inline(method, template) { request in
                feed.yield("\(request.method) \(request.target)")
                return answer(request)
            }
        }
        route(.post, "/v1/jobs") { _ in
            refusal.map { Response(Status($0.status), $0) } ?? Response(.created, course.next())
        }
        route(.get, "/v1/jobs") { _ in
            var writer = JSONWriter()
            writer.object { writer in
                writer.field("items", [course.next()])
                writer.field("next_cursor", String?.none)
            }
            return Response(status: .ok, body: writer.bytes)
        }
        route(.get, "/v1/jobs/{id}") { _ in Response(.ok, course.next()) }
        route(.get, "/v1/jobs/{id}/metrics") { request in
            guard request.fields["Accept"] != "text/csv" else {
                return Response(status: .ok, body: Array("step,train_loss\n0,2.5\n".utf8))
            }
            return Response(.ok, MetricsBody.sample(to: 844))
        }
        router.streaming(.get, "/v1/jobs/{id}/events") { request, stream in
            guard !request.target.description.contains("wait_seconds") else {
                let body = Array(#"{"items": [], "last_event_id": 7, "complete": false}"#.utf8)
                stream.send(Response(status: .ok, body: body))
                return
            }
            // Enough for every look at the job; then the stream is silent and stays open, since whoever follows
            // it would say so if it ended.
            let events = String(repeating: "event: metrics\ndata: {}\n\n", count: 1_000)
            stream.start(status: .ok, fields: ["Content-Type": "text/event-stream"])
            _ = stream.write(Array(events.utf8))
            stream.onClose { withExtendedLifetime(stream) {} }
        }
        self.requests = requests
        server = HTTPServer(router: router)
        url = "http://127.0.0.1:\(try server.start())"
    }

    /// Stops the server.
    func stop() {
        server.stop(within: .zero)
    }
}

extension Response {
    fileprivate init(_ status: Status, _ value: some JSONWritable) {
        self.init(status: status, body: value.json())
    }
}
