import Foundation
import Testing

@testable import TrainingClient

/// Requests that get no connection, or no answer in time.
@Suite(.timeLimit(.minutes(5))) struct CurlTimeoutTests {
    private let transport = CurlTransport()

    /// The error of a request that must fail on its connection.
    ///
    /// A machine that is busy may take longer to connect than the request may take.
    private func errorOnceConnected(of request: ClientRequest) async throws -> ClientError {
        while true {
            let error = try await transport.error(of: request)
            if error.code != .cannotConnect { return error }
        }
    }

    @Test func `says in one sentence that nothing listens`() async throws {
        let (descriptor, url) = try ScriptedServer.listenOnLoopback(backlog: 1)
        close(descriptor)
        let error = try await transport.error(of: ClientRequest(.get, "\(url)/v1/jobs"))
        #expect(error.code == .cannotConnect)
        #expect(error.detail == "nothing listens at \(url); start it with `lehrd serve`")
        #expect(error.operation == "GET \(url)/v1/jobs")
    }

    @Test func `gives up on a connection that does not come about`() async throws {
        // Loopback drops what a full queue of connections cannot take.
        let (descriptor, url) = try ScriptedServer.listenOnLoopback(backlog: 0)
        defer { close(descriptor) }
        let fillers = (0..<4).map { _ in
            Task { [transport] in try? await transport.send(ClientRequest(.get, url)) }
        }
        defer { fillers.forEach { $0.cancel() } }
        let short = ClientTimeouts(connect: .milliseconds(50))
        var errors: [ClientError] = []
        while errors.last?.code != .cannotConnect {
            let request = ClientRequest(
                .get,
                url,
                timeouts: ClientTimeouts(connect: short.connect, total: .milliseconds(300))
            )
            errors.append(try await transport.error(of: request))
        }
        #expect(errors.last?.detail == "no connection to \(url) within 0.05 seconds")
    }

    @Test func `ends a request whose total time is over`() async throws {
        let server = try ScriptedServer { connection in connection.waitForEnd() }
        defer { server.stop() }
        let timeouts = ClientTimeouts(total: .milliseconds(50))
        let error = try await errorOnceConnected(
            of: ClientRequest(.get, server.url, timeouts: timeouts)
        )
        #expect(error.code == .timedOut)
        #expect(error.detail == "no answer from \(server.url) within 0.05 seconds")
    }

    @Test func `ends a request on a connection that carries nothing`() async throws {
        let server = try ScriptedServer { connection in connection.waitForEnd() }
        defer { server.stop() }
        let timeouts = ClientTimeouts(idle: .milliseconds(1), total: nil)
        let error = try await errorOnceConnected(
            of: ClientRequest(.get, server.url, timeouts: timeouts)
        )
        #expect(error.code == .timedOut)
        #expect(error.detail == "the connection to \(server.url) carried nothing for 0.001 seconds")
    }
}
