import Foundation
import Glibc
import HTTP
import Testing

@Suite struct UnixSocketTests {
    private let path = "/tmp/http-\(UUID().uuidString.prefix(8)).sock"

    private func server(at path: String) -> HTTPServer {
        var configuration = HTTPServerConfiguration()
        configuration.unixSocketPath = path
        configuration.shards = 1
        var router = Router()
        router.inline(.get, "/a") { _ in Response(status: .ok, body: Array("over a socket".utf8)) }
        return HTTPServer(configuration: configuration, router: router)
    }

    /// Sends a request over the socket, and returns all that comes back.
    private func answer(at path: String) throws -> String {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        try #require(status == 0, "connect: \(String(cString: strerror(errno)))")
        let request = "GET /a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        _ = request.withCString { send(descriptor, $0, strlen($0), 0) }
        return try String(
            decoding: FileHandle(fileDescriptor: descriptor).readToEnd() ?? Data(),
            as: UTF8.self
        )
    }

    @Test func `answers over a socket that its user alone may use, and removes it`() throws {
        let server = server(at: path)
        #expect(try server.start() == 0)
        let text = try answer(at: path)
        #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(text.hasSuffix("\r\n\r\nover a socket"))
        var status = stat()
        #expect(lstat(path, &status) == 0)
        #expect(status.st_mode & 0o777 == 0o600)
        server.stop(within: .zero)
        #expect(access(path, F_OK) != 0)
    }

    @Test func `replaces a socket that an ended server left`() throws {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        _ = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        close(descriptor)
        try #require(access(path, F_OK) == 0)
        let server = server(at: path)
        defer { server.stop(within: .zero) }
        _ = try server.start()
        #expect(try answer(at: path).hasSuffix("over a socket"))
    }

    @Test func `takes no socket of a server that runs, and no other file`() throws {
        let first = server(at: path)
        defer { first.stop(within: .zero) }
        _ = try first.start()
        #expect(
            throws: HTTPServerError.socketUnavailable(path: path, "another program listens there")
        ) { try server(at: path).start() }
        #expect(try answer(at: path).hasSuffix("over a socket"))
        let file = path + ".txt"
        try "mine".write(toFile: file, atomically: true, encoding: .utf8)
        defer { unlink(file) }
        #expect(
            throws: HTTPServerError.socketUnavailable(
                path: file,
                "there is a file of that name already"
            )
        ) { try server(at: file).start() }
        #expect(try String(contentsOfFile: file, encoding: .utf8) == "mine")
    }

    @Test func `says how long a path may be`() {
        let long = "/tmp/" + String(repeating: "a", count: 103)
        #expect(
            throws: HTTPServerError.socketUnavailable(
                path: long,
                "the path must have 1 to 107 bytes, not 108"
            )
        ) { try server(at: long).start() }
    }
}
