import Synchronization

@testable import TrainingClient

/// A server of files whose answers a test gives piece by piece, and breaks off where it likes.
final class FileServer: ClientTransport {
    /// A request, and the answer to it.
    final class Call: Sendable {
        let request: ClientRequest
        private let channel = BodyChannel(limit: .max, resume: {}, cancel: {})
        private let answer: CheckedContinuation<Result<StreamedResponse, ClientError>, Never>

        fileprivate init(
            _ request: ClientRequest,
            _ answer: CheckedContinuation<Result<StreamedResponse, ClientError>, Never>
        ) {
            self.request = request
            self.answer = answer
        }

        /// The fields that say from where on the file is wanted, and which.
        var place: [String?] { [request.fields["Range"], request.fields["If-Range"]] }

        /// Begins the answer.
        func begin(_ status: Int, tag: String, range: String? = nil) {
            var fields: ClientFields = ["ETag": tag]
            if let range { fields["Content-Range"] = "bytes \(range)" }
            answer.resume(
                returning: .success(
                    StreamedResponse(
                        status: status,
                        fields: fields,
                        body: ResponseBody(channel: channel)
                    )
                )
            )
        }

        /// Answers with an error of the connection.
        func fail(_ code: ClientError.Code) {
            answer.resume(returning: .failure(Self.error(code)))
        }

        func send(_ bytes: ArraySlice<UInt8>) {
            guard !bytes.isEmpty else { return }
            _ = Array(bytes).withUnsafeBytes(channel.offer)
        }

        /// Ends the answer, or breaks it off.
        func end(throwing code: ClientError.Code? = nil) {
            channel.finish(throwing: code.map(Self.error))
        }

        private static func error(_ code: ClientError.Code) -> ClientError {
            ClientError(code: code, operation: "test", detail: "\(code)")
        }
    }

    private let calls: AsyncStream<Call>
    private let feed: AsyncStream<Call>.Continuation

    init() {
        (calls, feed) = AsyncStream<Call>.makeStream()
    }

    /// A client that asks this server once for each call.
    var client: LehrClient {
        get throws {
            LehrClient(
                server: try ServerAddress("http://127.0.0.1:1"),
                transport: self,
                retries: .never
            )
        }
    }

    /// Waits for the next request.
    func next() async -> Call? {
        for await call in calls { return call }
        return nil
    }

    func send(_ request: ClientRequest) async throws(ClientError) -> ClientResponse {
        throw ClientError(code: .closed, operation: request.operation, detail: "files alone")
    }

    func stream(_ request: ClientRequest) async throws(ClientError) -> StreamedResponse {
        try await withCheckedContinuation { feed.yield(Call(request, $0)) }.get()
    }

    func close() async {}
}
