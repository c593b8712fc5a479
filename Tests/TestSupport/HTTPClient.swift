internal import Foundation

/// Sends requests to a server on this machine, each on a connection of its own.
///
/// Every exchange has a thread of its own, so that long polls hold up nothing else.
package struct HTTPClient: Sendable {
    /// The server's port on 127.0.0.1.
    package let port: UInt16
    /// How long a single read or write may take; 60 seconds by default.
    package var timeout: Duration

    /// Makes a client of the server at `port`.
    package init(port: UInt16, timeout: Duration = .seconds(60)) {
        self.port = port
        self.timeout = timeout
    }

    /// Sends `request` and waits for the answer.
    package func send(_ request: HTTPRequest) async throws -> HTTPReply {
        try await exchange(
            request.bytes(host: "127.0.0.1:\(port)"),
            isAnswerToHead: request.method == "HEAD"
        )
    }

    /// Sends `bytes`, whatever they are, and waits for one answer.
    package func exchange(
        _ bytes: [UInt8],
        isAnswerToHead: Bool = false
    ) async throws -> HTTPReply {
        try await withCheckedThrowingContinuation { continuation in
            Thread.detachNewThread { [port, timeout] in
                continuation.resume(
                    with: Result {
                        let connection = try HTTPConnection(port: port, timeout: timeout)
                        try connection.send(bytes)
                        return try connection.receive(isAnswerToHead: isAnswerToHead)
                    }
                )
            }
        }
    }

    /// Reads `target`.
    package func get(
        _ target: String,
        fields: KeyValuePairs<String, String> = [:]
    ) async throws -> HTTPReply {
        try await send(HTTPRequest("GET", target, fields: fields))
    }

    /// Posts `json` to `target`, or nothing where it is `nil`.
    package func post(
        _ target: String,
        json: JSONValue? = nil,
        fields: KeyValuePairs<String, String> = [:]
    ) async throws -> HTTPReply {
        var request = HTTPRequest("POST", target, fields: fields)
        if let json {
            request.body = try json.encoded()
            request.fields.append((name: "Content-Type", value: "application/json"))
        }
        return try await send(request)
    }
}
