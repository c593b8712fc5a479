import Foundation
import HTTPTypes
import Hummingbird

/// Serves by Hummingbird the bytes that Lehr serves: a stored job, found by its id, and `/livez`.
///
/// `HummingbirdPeer PORT ID TAG FILE`; the file holds the job's body. The job is found in a dictionary,
/// which no store can beat, and no middleware is set.
@main
struct HummingbirdPeer {
    /// What is served of a job.
    struct StoredJob: Sendable {
        let tag: String
        let body: ByteBuffer
    }

    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 5, let port = Int(arguments[1]) else {
            print("usage: HummingbirdPeer PORT ID TAG FILE")
            exit(64)
        }
        let body = try Data(contentsOf: URL(filePath: arguments[4]))
        let jobs = [arguments[2]: StoredJob(tag: arguments[3], body: ByteBuffer(bytes: body))]
        let router = Router()
        router.get("livez") { _, _ in
            Response(
                status: .ok,
                headers: [.contentType: "text/plain; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: "ok\n"))
            )
        }
        router.get("v1/jobs/:id") { request, context in
            guard let job = jobs[try context.parameters.require("id")] else {
                throw HTTPError(.notFound)
            }
            var fields: HTTPFields = [.eTag: job.tag, .cacheControl: "no-cache"]
            if request.headers[.ifNoneMatch] == job.tag {
                return Response(status: .notModified, headers: fields)
            }
            fields[.contentType] = "application/json"
            return Response(
                status: .ok,
                headers: fields,
                body: ResponseBody(byteBuffer: job.body)
            )
        }
        let application = Application(
            router: router,
            configuration: ApplicationConfiguration(
                address: .hostname("127.0.0.1", port: port),
                backlog: 4_096
            )
        )
        try await application.runService()
    }
}
