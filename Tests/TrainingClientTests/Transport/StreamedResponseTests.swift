import Foundation
import Testing

@testable import TrainingClient

@Suite(.timeLimit(.minutes(5))) struct StreamedResponseTests {
    private func transport(buffer: Int = 64 << 10) -> CurlTransport {
        var configuration = TransportConfiguration()
        configuration.streamBufferBytes = buffer
        return CurlTransport(configuration: configuration)
    }

    @Test func `gives the head before the content has come`() async throws {
        let server = try ScriptedServer { connection in
            _ = connection.request()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\nKind: slow\r\n\r\n")
            connection.waitForEnd()
        }
        defer { server.stop() }
        let response = try await transport().stream(ClientRequest(.get, server.url))
        #expect(response.status == 200)
        #expect(response.fields["Kind"] == "slow")
    }

    @Test func `brings a content that is much larger than its buffer`() async throws {
        let server = try ScriptedServer { connection in
            _ = connection.request()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: \(8 << 20)\r\n\r\n")
            for block in 0..<128 {
                connection.write([UInt8](repeating: UInt8(block), count: 65536))
            }
        }
        defer { server.stop() }
        let transport = transport(buffer: 1000)
        let response = try await transport.stream(ClientRequest(.get, server.url))
        var position = 0
        for try await piece in response.body {
            #expect(piece.first == UInt8(position / 65536))
            position += piece.count
        }
        #expect(position == 8 << 20)
        await transport.close()
    }

    @Test func `ends with an error where the content is cut short`() async throws {
        let server = try ScriptedServer { connection in
            _ = connection.request()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
        }
        defer { server.stop() }
        let transport = transport()
        let response = try await transport.stream(ClientRequest(.get, server.url))
        await #expect {
            try await response.body.collect(upTo: 100)
        } throws: {
            ($0 as? ClientError)?.code == .connectionLost
        }
    }

    @Test func `dropping the body ends the transfer`() async throws {
        let server = try ScriptedServer { connection in
            _ = connection.request()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
            connection.waitForEnd()
        }
        defer { server.stop() }
        let transport = transport()
        #expect(try await transport.stream(ClientRequest(.get, server.url)).status == 200)
        await server.wait(for: .disconnected)
        await transport.close()
    }

    @Test func `cancelling the reader ends the transfer`() async throws {
        let server = try ScriptedServer { connection in
            _ = connection.request()
            connection.write("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc")
            connection.waitForEnd()
        }
        defer { server.stop() }
        let transport = transport()
        let response = try await transport.stream(ClientRequest(.get, server.url))
        let (begun, feed) = AsyncStream.makeStream(of: Void.self)
        let task = Task {
            var iterator = response.body.makeAsyncIterator()
            _ = try await iterator.next()
            feed.finish()
            _ = try await iterator.next()
        }
        for await _ in begun {}
        task.cancel()
        let result = await task.result
        #expect { try result.get() } throws: { ($0 as? ClientError)?.code == .cancelled }
        await server.wait(for: .disconnected)
    }
}
