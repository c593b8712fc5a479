import Foundation
import Testing

@testable import TrainingClient

@Suite(.timeLimit(.minutes(5))) struct CurlTransportTests {
    let transport = CurlTransport()

    @Test func `sends method, fields and content and returns status, fields and content`()
        async throws
    {
        let server = try ScriptedServer { connection in
            let request = connection.request() ?? ""
            connection.answer(
                "201 Created",
                fields: "Location: /v1/jobs/1 \r\nEmpty:\r\n",
                body: request
            )
        }
        defer { server.stop() }
        let response = try await transport.send(
            ClientRequest(
                .post,
                "\(server.url)/v1/jobs?validate_only=true",
                fields: ["Content-Type": "application/yaml", "X-Empty": ""],
                body: Array("a: 1\n".utf8)
            )
        )
        #expect(response.status == 201)
        #expect(response.fields["location"] == "/v1/jobs/1")
        #expect(response.fields["Empty"] == "")
        let echoed = String(decoding: response.body, as: UTF8.self)
        let lines = echoed.split(separator: "\r\n", omittingEmptySubsequences: false)
        #expect(lines.first == "POST /v1/jobs?validate_only=true HTTP/1.1")
        #expect(lines.last == "a: 1\n")
        #expect(lines.contains("Content-Type: application/yaml"))
        #expect(lines.contains("X-Empty:"))
        #expect(lines.contains("User-Agent: lehr"))
        #expect(!lines.contains { $0.hasPrefix("Expect:") })
    }

    @Test(
        arguments: [
            (.get, nil, "GET / HTTP/1.1"), (.delete, nil, "DELETE / HTTP/1.1"),
            (.put, [], "PUT / HTTP/1.1"), (.post, nil, "POST / HTTP/1.1"),
        ] as [(ClientRequest.Method, [UInt8]?, String)]
    )
    func `sends each method with a length only where there is content`(
        method: ClientRequest.Method,
        body: [UInt8]?,
        line: String
    ) async throws {
        let server = try ScriptedServer { connection in
            connection.answer(body: connection.request() ?? "")
        }
        defer { server.stop() }
        let response = try await transport.send(ClientRequest(method, "\(server.url)/", body: body))
        let echoed = String(decoding: response.body, as: UTF8.self)
        #expect(echoed.hasPrefix(line + "\r\n"))
        #expect(echoed.contains("Content-Length: 0") == [.put, .post].contains(method))
    }

    @Test func `keeps one connection for requests that follow each other`() async throws {
        let server = try ScriptedServer { connection in
            while connection.request() != nil { connection.answer(body: "x") }
        }
        defer { server.stop() }
        for _ in 0..<20 { _ = try await transport.send(ClientRequest(.get, server.url)) }
        #expect(server.connectionCount == 1)
    }

    @Test func `carries many requests at once`() async throws {
        let server = try ScriptedServer { connection in
            while let request = connection.request() {
                connection.answer(body: String(request.split(separator: " ")[1]))
            }
        }
        defer { server.stop() }
        let bodies = try await withThrowingTaskGroup(of: String.self) { group in
            for index in 0..<100 {
                group.addTask { [transport] in
                    let response = try await transport.send(
                        ClientRequest(.get, "\(server.url)/\(index)")
                    )
                    return String(decoding: response.body, as: UTF8.self)
                }
            }
            return try await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(bodies == Set((0..<100).map { "/\($0)" }))
    }

    @Test func `passes over interim answers`() async throws {
        let server = try ScriptedServer { connection in
            _ = connection.request()
            connection.write("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n")
            connection.answer("204 No Content", fields: "Final: yes\r\n")
        }
        defer { server.stop() }
        let response = try await transport.send(ClientRequest(.get, server.url))
        #expect(response.status == 204)
        #expect(response.fields["Link"] == nil)
        #expect(response.fields["Final"] == "yes")
    }

    @Test func `a cancelled task ends its transfer at once`() async throws {
        let server = try ScriptedServer { connection in
            _ = connection.request()
            connection.waitForEnd()
        }
        defer { server.stop() }
        let task = Task { try await transport.error(of: ClientRequest(.get, server.url)) }
        await server.wait(for: .requested)
        task.cancel()
        #expect(try await task.value.code == .cancelled)
        await server.wait(for: .disconnected)
    }

    @Test func `a task that is cancelled already sends nothing for long`() async throws {
        let server = try ScriptedServer { connection in connection.waitForEnd() }
        defer { server.stop() }
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await transport.error(of: ClientRequest(.get, server.url))
        }
        #expect(try await task.value.code == .cancelled)
    }

    @Test func `closing ends what is under way and refuses what follows`() async throws {
        let server = try ScriptedServer { connection in
            _ = connection.request()
            connection.waitForEnd()
        }
        defer { server.stop() }
        let task = Task { try await transport.error(of: ClientRequest(.get, server.url)) }
        await server.wait(for: .requested)
        await transport.close()
        #expect(try await task.value.code == .closed)
        await server.wait(for: .disconnected)
        #expect(try await transport.error(of: ClientRequest(.get, server.url)).code == .closed)
        await transport.close()
    }

    @Test func `a transport that nobody holds closes its connections`() async throws {
        let server = try ScriptedServer { connection in
            _ = connection.request()
            connection.answer()
            connection.waitForEnd()
        }
        defer { server.stop() }
        _ = try await CurlTransport().send(ClientRequest(.get, server.url))
        await server.wait(for: .disconnected)
    }

    @Test func `refuses an answer past the limit`() async throws {
        let server = try ScriptedServer { connection in
            _ = connection.request()
            connection.answer(body: String(repeating: "x", count: 1001))
        }
        defer { server.stop() }
        var configuration = TransportConfiguration()
        configuration.maximumResponseBytes = 1000
        let error = try await CurlTransport(configuration: configuration)
            .error(of: ClientRequest(.get, server.url))
        #expect(error.code == .responseTooLarge)
        #expect(error.detail == "the answer is larger than 1000 bytes")
    }

    @Test(arguments: [
        ("SSH-2.0-OpenSSH_9.2\r\n", ClientError.Code.malformedResponse),
        ("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", .connectionLost),
        ("", .connectionLost),
    ])
    func `tells a broken answer from a lost connection`(
        answer: String,
        code: ClientError.Code
    ) async throws {
        let server = try ScriptedServer { connection in
            _ = connection.request()
            connection.write(answer)
        }
        defer { server.stop() }
        #expect(try await transport.error(of: ClientRequest(.get, server.url)).code == code)
    }

    @Test func `refuses fields past their limit`() async throws {
        let server = try ScriptedServer { connection in
            _ = connection.request()
            let field = "X: " + String(repeating: "x", count: 1000) + "\r\n"
            connection.write("HTTP/1.1 200 OK\r\n" + String(repeating: field, count: 300))
            connection.waitForEnd()
        }
        defer { server.stop() }
        let error = try await transport.error(of: ClientRequest(.get, server.url))
        #expect(error.code == .malformedResponse)
        #expect(error.detail == "the answer's fields are larger than 262144 bytes")
    }

    @Test(arguments: [
        "ftp://127.0.0.1/", "file:///etc/passwd", "http://", "127.0.0.1:x",
    ])
    func `refuses what is not an http URL`(url: String) async throws {
        #expect(try await transport.error(of: ClientRequest(.get, url)).code == .invalidRequest)
    }

    @Test(arguments: [("X", "a\r\nY: b"), ("X Y", "a"), ("", "a"), ("X", "a\0")])
    func `refuses a field that would not stay one line`(name: String, value: String) async throws {
        var fields: ClientFields = [:]
        fields.append(name, value)
        let error = try await transport.error(
            of: ClientRequest(.get, "http://127.0.0.1:1", fields: fields)
        )
        #expect(error.code == .invalidRequest)
        #expect(error.detail == "the field \(name.debugDescription) cannot be sent in one line")
    }

    @Test func `connects to a Unix socket`() async throws {
        let path = "/tmp/lehr-\(UUID().uuidString.prefix(8)).sock"
        defer { unlink(path) }
        let server = try ScriptedServer(path: path) { connection in
            _ = connection.request()
            connection.answer(body: "over a socket")
        }
        defer { server.stop() }
        var configuration = TransportConfiguration()
        configuration.unixSocketPath = path
        let response = try await CurlTransport(configuration: configuration)
            .send(ClientRequest(.get, "http://localhost/"))
        #expect(String(decoding: response.body, as: UTF8.self) == "over a socket")
    }
}

extension CurlTransport {
    /// The error of a request that must fail.
    func error(of request: ClientRequest) async throws -> ClientError {
        do {
            let response = try await send(request)
            throw TestFailure(detail: "answered \(response.status)")
        } catch let error as ClientError {
            return error
        }
    }
}

/// What a test says of itself.
struct TestFailure: Error {
    let detail: String
}
