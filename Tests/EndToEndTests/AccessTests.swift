import Foundation
import TestSupport
import Testing

/// A server with TLS and tokens, as it stands on a network, met by curl, `lehr` and OpenSSL's own
/// client.
@Suite(.enabled(if: Bench.binaries != nil, "LEHR_BINARIES must name the release binaries"))
struct AccessTests {
    private let folder: TemporaryFolder
    private let binaries: URL

    init() throws {
        folder = try TemporaryFolder()
        binaries = try #require(Bench.binaries)
    }

    private func path(_ name: String) -> String { folder.url.appending(path: name).path }

    /// Runs a program to its end; its output, standard error included.
    @discardableResult
    private func run(_ program: String, _ arguments: [String], input: String = "") throws -> String
    {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        let (output, feed) = (Pipe(), Pipe())
        process.standardOutput = output
        process.standardError = output
        process.standardInput = feed
        try process.run()
        try feed.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try feed.fileHandleForWriting.close()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self)
    }

    private func makeCertificate(_ name: String) throws {
        try run(
            "/usr/bin/openssl",
            [
                "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                "-days", "2", "-subj", "/CN=\(name)", "-addext",
                "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", path("key.pem"), "-out",
                path("certificate.pem"),
            ]
        )
    }

    private func makeToken(_ name: String, _ scope: String) throws -> String {
        let arguments = ["token", name, "--scope", scope, "--file", path("tokens")]
        return try run(binaries.appending(path: "lehrd").path, arguments)
            .trimmingCharacters(in: .newlines)
    }

    private func start() async throws -> RunningServer {
        try await RunningServer(
            .init(
                binaries: binaries,
                folder: folder.url.appending(path: "data"),
                workers: 1,
                arguments: [
                    "--token-file", path("tokens"), "--tls-certificate", path("certificate.pem"),
                    "--tls-key", path("key.pem"), "--access-log", path("access.log"),
                ]
            )
        )
    }

    private func curl(_ server: RunningServer, _ target: String, _ more: [String] = []) throws
        -> String
    {
        try run(
            "/usr/bin/curl",
            ["-sS", "--max-time", "60", "--cacert", path("certificate.pem")] + more
                + ["https://localhost:\(server.port)\(target)"]
        )
    }

    @Test func `trains a job by TLS and tokens, with a worker of its own`() async throws {
        try makeCertificate("first")
        let writer = try makeToken("ann", "write")
        let reader = try makeToken("bob", "read")
        let server = try await start()
        let bearer = { (token: String) in ["-H", "Authorization: Bearer \(token)"] }
        let job =
            #"{"dataset":{"name":"spirals"},"model":{"type":"softmax"},"epochs":2,"seed":1}"#
        let submission = ["-H", "Content-Type: application/json", "-d", job]
        #expect(try curl(server, "/livez") == "ok\n")
        #expect(try curl(server, "/v1/jobs").contains(#""status":401"#))
        #expect(
            try curl(server, "/v1/jobs", bearer(reader) + submission)
                .contains("the scope write, which the token bob does not have")
        )
        let accepted = try curl(server, "/v1/jobs", bearer(writer) + submission)
        let id = try #require(
            try JSONValue(parsing: accepted.utf8)["id"]?.string,
            "\(accepted)"
        )
        let deadline = ContinuousClock.now + .seconds(60)
        var state: String?
        while state != "succeeded", ContinuousClock.now < deadline {
            let answer = try curl(server, "/v1/jobs/\(id)", bearer(reader))
            state = try JSONValue(parsing: answer.utf8)["state"]?.string
            try await Task.sleep(for: .milliseconds(50))
        }
        #expect(state == "succeeded")

        // The command line sends the token and trusts the certificate that it is given.
        let list = try run(
            binaries.appending(path: "lehr").path,
            [
                "list", "--server", "https://localhost:\(server.port)", "--token", reader,
                "--certificate-authority", path("certificate.pem"),
            ]
        )
        #expect(list.contains("succeeded"), "\(list)")
        #expect(await server.stop() == .exit(0))
        let log = try String(contentsOfFile: path("access.log"), encoding: .utf8)
        let lines = try log.split(separator: "\n").map { try JSONValue(parsing: $0.utf8) }
        #expect(lines.contains { $0["client"] == "ann" && $0["status"] == 201 })
        #expect(lines.contains { $0["client"] == "local workers" && $0["route"] == "/v1/leases" })
        #expect(!log.contains(writer) && !log.contains(reader))
    }

    @Test func `takes new tokens and a new certificate at SIGHUP`() async throws {
        try makeCertificate("first")
        let old = try makeToken("ann", "read")
        let server = try await start()
        #expect(
            try curl(server, "/v1/jobs", ["-H", "Authorization: Bearer \(old)"]).contains("items")
        )
        #expect(try shown(server).contains("CN = first"))
        try FileManager.default.removeItem(atPath: path("tokens"))
        let new = try makeToken("bob", "read")
        try makeCertificate("second")
        server.signal(SIGHUP)
        let deadline = ContinuousClock.now + .seconds(20)
        while try !shown(server).contains("CN = second"), ContinuousClock.now < deadline {
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(try shown(server).contains("CN = second"))
        #expect(
            try curl(server, "/v1/jobs", ["-H", "Authorization: Bearer \(old)"]).contains("401")
        )
        #expect(
            try curl(server, "/v1/jobs", ["-H", "Authorization: Bearer \(new)"]).contains("items")
        )
        // Rubbish changes nothing.
        try Data("rubbish\n".utf8).write(to: URL(filePath: path("tokens")))
        server.signal(SIGHUP)
        let log = server.configuration.log
        while try !String(contentsOf: log, encoding: .utf8).contains("stay as they were"),
            ContinuousClock.now < deadline
        {
            try await Task.sleep(for: .milliseconds(20))
        }
        #expect(
            try curl(server, "/v1/jobs", ["-H", "Authorization: Bearer \(new)"]).contains("items")
        )
        await server.kill()
    }

    @Test(arguments: [("-tls1_3", "TLSv1.3"), ("-tls1_2", "TLSv1.2")])
    func `agrees with OpenSSL's client on version, protocol and cipher`(
        option: String,
        version: String
    ) async throws {
        try makeCertificate("first")
        _ = try makeToken("ann", "read")
        let server = try await start()
        let text = try run(
            "/usr/bin/openssl",
            [
                "s_client", "-connect", "127.0.0.1:\(server.port)", option, "-alpn", "h2,http/1.1",
                "-CAfile", path("certificate.pem"), "-verify_return_error", "-ign_eof",
            ],
            input: "GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )
        #expect(text.contains("ALPN protocol: http/1.1"), "\(text)")
        #expect(text.contains("New, \(version), Cipher is "))
        #expect(text.contains("Verify return code: 0 (ok)"))
        #expect(text.contains("HTTP/1.1 200 OK"))
        #expect(text.contains("GCM") || text.contains("CHACHA20"))
        await server.kill()
    }

    /// The certificate that the server shows now.
    private func shown(_ server: RunningServer) throws -> String {
        try run("/usr/bin/openssl", ["s_client", "-connect", "127.0.0.1:\(server.port)"])
    }
}
