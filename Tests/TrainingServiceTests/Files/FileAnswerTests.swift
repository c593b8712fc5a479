import Foundation
import TestSupport
import Testing
import TrainingAPI

@testable import HTTP
@testable import TrainingService

/// Stored bytes over a connection, whether they are a row of the store or a file.
@Suite struct FileAnswerTests {
    private static let hash = String(repeating: "a", count: 64)
    private static let tag = "\"\(hash)\""
    /// More than one piece of a file.
    private static let content = (0..<700_001).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }

    private let folder = TrainingServiceTests.TemporaryFolder()
    private let server: HTTPServer
    private let client: HTTPClient

    init() throws {
        try FileManager.default.createDirectory(
            atPath: folder.path,
            withIntermediateDirectories: true
        )
        let path = folder.path + "/content"
        try Data(Self.content).write(to: URL(filePath: path))
        let (empty, shrinking) = (folder.path + "/empty", folder.path + "/shrinking")
        try Data().write(to: URL(filePath: empty))
        try Data(Self.content).write(to: URL(filePath: shrinking))
        var router = Router()
        func route(_ target: String, _ open: @escaping @Sendable () throws -> FileAnswer.Content) {
            router.streaming(.get, target) { request, stream in
                let answer = FileAnswer(hash: Self.hash, mediaType: "text/plain", name: "a.txt")
                do {
                    try answer.send(request, stream, open)
                } catch {
                    stream.send(Answer.problem(Problem(mapping: error), for: request))
                }
            }
        }
        route("/row") { .bytes(Self.content) }
        route("/file") { .file(try FileExport(path: path)) }
        route("/emptyrow") { .bytes([]) }
        route("/emptyfile") { .file(try FileExport(path: empty)) }
        route("/shrinking") {
            let export = try FileExport(path: shrinking)
            truncate(shrinking, 300_000)
            return .file(export)
        }
        route("/gone") { throw Problem(status: 410, detail: "Gone.") }
        server = HTTPServer(router: router)
        client = HTTPClient(port: try server.start())
    }

    /// What is asked for, and what is answered.
    struct Case: Sendable, CustomTestStringConvertible {
        let fields: [String: String]
        let status: Int
        let bytes: Range<Int>

        init(_ fields: [String: String], _ status: Int, _ bytes: Range<Int> = 0..<0) {
            self.fields = fields
            self.status = status
            self.bytes = bytes
        }

        var testDescription: String { "\(status) \(fields)" }
    }

    private static let size = content.count
    static let cases = [
        Case([:], 200, 0..<size), Case(["Range": "bytes=0-"], 206, 0..<size),
        Case(["Range": "bytes=5-9"], 206, 5..<10),
        Case(["Range": "bytes=262143-524288"], 206, 262_143..<524_289),
        Case(["Range": "bytes=700000-"], 206, 700_000..<size),
        Case(["Range": "bytes=-3"], 206, (size - 3)..<size),
        Case(["Range": "bytes=-99999999"], 206, 0..<size),
        Case(["Range": "bytes=600000-99999999"], 206, 600_000..<size),
        Case(["Range": "bytes=700001-"], 416), Case(["Range": "bytes=-0"], 416),
        Case(["Range": "bytes=9-5"], 200, 0..<size), Case(["Range": "lines=0-1"], 200, 0..<size),
        Case(["Range": "bytes=0-1,5-6"], 200, 0..<size),
        Case(["Range": "bytes=5-9", "If-Range": tag], 206, 5..<10),
        Case(["Range": "bytes=5-9", "If-Range": "W/\(tag)"], 200, 0..<size),
        Case(["Range": "bytes=5-9", "If-Range": "\"b\""], 200, 0..<size),
        Case(["Range": "bytes=700001-", "If-Range": "\"b\""], 200, 0..<size),
        Case(["Range": "bytes=5-9", "If-None-Match": tag], 304),
        Case(["Range": "bytes=700001-", "If-None-Match": tag], 304),
        Case(["Range": "bytes=5-9", "If-None-Match": "\"b\""], 206, 5..<10),
        Case(["Range": "bytes=5-9", "Accept-Encoding": "gzip"], 206, 5..<10),
    ]

    @Test(arguments: ["/row", "/file"], cases)
    func `the part that is asked for is sent, byte for byte`(path: String, row: Case) async throws {
        var request = HTTPRequest("GET", path)
        request.fields = row.fields.map { (name: $0.key, value: $0.value) }
        let reply = try await client.send(request)
        #expect(reply.status == row.status)
        let size = Self.size
        switch row.status {
        case 200, 206:
            #expect(reply.body == Array(Self.content[row.bytes]))
            #expect(reply.field("Content-Length") == "\(row.bytes.count)")
            #expect(reply.field("Accept-Ranges") == "bytes")
            #expect(reply.field("ETag") == Self.tag)
            #expect(reply.field("Vary") == "Accept-Encoding")
            #expect(reply.field("Content-Disposition") == "attachment; filename=\"a.txt\"")
            let range = "bytes \(row.bytes.lowerBound)-\(row.bytes.upperBound - 1)/\(size)"
            #expect(reply.field("Content-Range") == (row.status == 206 ? range : nil))
        case 416:
            #expect(reply.field("Content-Range") == "bytes */\(size)")
            #expect(reply.mediaType == "application/problem+json")
            #expect(try reply.json()["type"]?.string == "/problems/range_not_satisfiable")
        default:
            #expect(reply.body.isEmpty)
            #expect(reply.field("ETag") == Self.tag)
            #expect(reply.field("Content-Range") == nil)
        }
    }

    @Test(arguments: ["/row", "/file"])
    func `HEAD takes no notice of ranges`(path: String) async throws {
        for range in ["bytes=5-9", "bytes=700001-"] {
            let reply = try await client.send(HTTPRequest("HEAD", path, fields: ["Range": range]))
            #expect(reply.status == 200)
            #expect(reply.field("Content-Length") == "\(Self.size)")
            #expect(reply.field("Accept-Ranges") == "bytes")
            #expect(reply.field("Content-Range") == nil)
            #expect(reply.body.isEmpty)
        }
    }

    @Test(arguments: ["/emptyrow", "/emptyfile"])
    func `nothing is sent whole`(path: String) async throws {
        for range in ["bytes=0-", "bytes=-1"] {
            let reply = try await client.get(path, fields: ["Range": range])
            #expect(reply.status == 200)
            #expect(reply.field("Content-Length") == "0")
            #expect(reply.body.isEmpty)
        }
    }

    @Test func `what cannot be opened is told`() async throws {
        #expect(try await client.get("/gone", fields: ["Range": "bytes=0-"]).status == 410)
    }

    @Test func `a file that shrinks while it is sent breaks the connection`() async throws {
        await #expect(throws: (any Error).self) { try await client.get("/shrinking") }
    }
}
