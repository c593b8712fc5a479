import COpenSSL
import Foundation
import Glibc
import HTTP
import HTTPTLS
import Testing

@Suite struct TLSServerTests {
    /// 3 MB: many records, and more than a socket takes at once.
    private static let large = [UInt8](repeating: 0x61, count: 3_000_000)

    private static func routes(_ router: inout Router) {
        router.inline(.get, "/inline") { _ in Response(status: .ok, body: Array("inline".utf8)) }
        router.inline(.get, "/marker") { _ in Response(status: 299) }
        router.inline(.get, "/a") { Response(status: .ok, body: $0.body) }
        router.pooled(.post, "/a") { Response(status: .ok, body: $0.body) }
        router.inline(.get, "/large") { _ in Response(status: .ok, body: large) }
        router.pooled(.post, "/count", bodyLimit: 4_000_000) {
            Response(status: .ok, body: Array("\($0.body.count)".utf8))
        }
    }

    private let tls: TLSServer
    private let server: TestServer

    init() throws {
        let tls = try TLSServer(
            certificateFile: Certificate.first.certificateFile,
            keyFile: Certificate.first.keyFile
        )
        self.tls = tls
        server = try TestServer(
            { $0.makeTransport = { tls.makeTransport($0) } },
            routes: Self.routes
        )
    }

    @Test(arguments: [(TLS1_2_VERSION, "TLSv1.2"), (TLS1_3_VERSION, "TLSv1.3")])
    func `speaks TLS 1.2 and 1.3`(version: Int32, name: String) throws {
        let client = try TLSClient(port: server.port, hello: .init(version: version))
        #expect(client.version == name)
        let answer = client.exchange(
            "GET /inline HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
        )
        #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(answer.hasSuffix("\r\n\r\ninline"))
    }

    @Test(arguments: [TLS1_VERSION, TLS1_1_VERSION])
    func `refuses older versions`(version: Int32) {
        #expect(throws: TLSClient.Failure.self) {
            try TLSClient(port: server.port, hello: .init(version: version))
        }
    }

    @Test(arguments: [(["h2", "http/1.1"], "http/1.1"), (["http/1.1"], "http/1.1"), ([], "")])
    func `chooses http 1.1 of what a client offers`(offer: [String], chosen: String) throws {
        let client = try TLSClient(port: server.port, hello: .init(protocols: offer))
        #expect(client.chosenProtocol == chosen)
    }

    @Test func `refuses a client that speaks other protocols alone`() {
        #expect(throws: TLSClient.Failure.self) {
            try TLSClient(port: server.port, hello: .init(protocols: ["h2", "http/1"]))
        }
    }

    @Test func `does not renegotiate`() throws {
        let client = try TLSClient(port: server.port, hello: .init(version: TLS1_2_VERSION))
        #expect(!client.renegotiates())
    }

    @Test func `carries large bodies both ways`() throws {
        let client = try TLSClient(port: server.port)
        #expect(
            client.send(
                Array("POST /count HTTP/1.1\r\nHost: h\r\nContent-Length: 3000000\r\n\r\n".utf8)
                    + Self.large
            )
        )
        let answers = client.exchange(
            "GET /large HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"
        )
        #expect(answers.contains("\r\n\r\n3000000HTTP/1.1 200 OK"))
        #expect(answers.utf8.suffix(3_000_000).allSatisfy { $0 == 0x61 })
    }

    @Test func `tells a client of plain HTTP what to write`() throws {
        let client = try server.connect()
        let answer = try client.get("/inline")
        #expect(answer.status == 400)
        #expect(answer.body.contains("https://"))
    }

    @Test func `closes a connection that does not finish its handshake`() throws {
        let tls = tls
        let server = try TestServer(
            {
                $0.makeTransport = { tls.makeTransport($0) }
                $0.deadlines.head = .milliseconds(40)
            },
            routes: Self.routes
        )
        let client = try server.connect()
        client.send([0x16, 0x03, 0x01])
        #expect(client.remainder() == "")
        #expect(waits { server.server.statistics.openConnections == 0 })
        // One that has finished it may wait for as long as any other; a machine that is busy finishes few in
        // time.
        let isAnswered = (0..<100).contains { _ in
            guard let idle = try? TLSClient(port: server.port) else { return false }
            usleep(150_000)
            return
                idle.exchange("GET /inline HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
                .hasSuffix("inline")
        }
        #expect(isAnswered)
    }

    @Test func `shows a new certificate after a reload and keeps the old one if it is bad`() throws
    {
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "lehr-tls-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let certificate = folder.appending(path: "server.pem")
        let key = folder.appending(path: "server.key")
        func install(_ source: Certificate) throws {
            for (from, to) in [(source.certificateFile, certificate), (source.keyFile, key)] {
                try Data(contentsOf: URL(filePath: from)).write(to: to)
            }
        }
        try install(.first)
        let tls = try TLSServer(certificateFile: certificate.path, keyFile: key.path)
        let server = try TestServer(
            { $0.makeTransport = { tls.makeTransport($0) } },
            routes: Self.routes
        )
        let old = try TLSClient(port: server.port)
        #expect(old.serverName == "first.lehr.test")
        try install(.second)
        try tls.reload()
        #expect(try TLSClient(port: server.port).serverName == "second.lehr.test")
        try Data(contentsOf: URL(filePath: Certificate.first.keyFile)).write(to: key)
        #expect(throws: TLSError.self) { try tls.reload() }
        #expect(try TLSClient(port: server.port).serverName == "second.lehr.test")
        #expect(
            old.exchange("GET /inline HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
                .hasSuffix("inline")
        )
    }

    @Test(arguments: [
        (Certificate.first.certificateFile, Certificate.second.keyFile, TLSError.Code.mismatch),
        ("/nonexistent", Certificate.first.keyFile, .certificate),
        (Certificate.first.keyFile, Certificate.first.keyFile, .certificate),
        (Certificate.first.certificateFile, "/nonexistent", .key),
        (Certificate.first.certificateFile, Certificate.first.certificateFile, .key),
    ])
    func `says which file cannot be used`(certificate: String, key: String, code: TLSError.Code) {
        let error = #expect(throws: TLSError.self) {
            try TLSServer(certificateFile: certificate, keyFile: key)
        }
        #expect(error?.code == code, "\(String(describing: error))")
    }

    @Test(arguments: RequestCase.table)
    func `answers each row of the table as it does without TLS`(row: RequestCase) throws {
        let marker = Array("GET /marker HTTP/1.1\r\nHost: h\r\n\r\n".utf8)
        let plainServer = try TestServer(routes: Self.routes)
        let plain = try plainServer.connect()
        plain.send(row.bytes + marker)
        plain.finishSending()
        let client = try TLSClient(port: server.port)
        client.send(row.bytes + marker)
        client.finishSending()
        #expect(statuses(in: client.remainder()) == statuses(in: plain.remainder()))
    }

    private func statuses(in transcript: String) -> [Substring] {
        transcript.split(separator: "HTTP/1.1 ").map { $0.prefix(3) }
    }
}
