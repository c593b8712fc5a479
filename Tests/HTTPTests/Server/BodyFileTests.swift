import Foundation
import Glibc
import Testing

@testable import HTTP

/// Bodies that go to files, as a client on a socket and the folder see them.
@Suite struct BodyFileTests {
    private let folder: String
    private let server: TestServer

    init() throws {
        folder = NSTemporaryDirectory() + "lehr-bodies-\(UUID().uuidString)"
        server = try Self.server(folder)
    }

    private static func server(
        _ folder: String,
        handled: Box<String> = Box(),
        _ configure: (inout HTTPServerConfiguration) -> Void = { _ in }
    ) throws -> TestServer {
        try TestServer(configure) { router in
            router.receiving(
                .put,
                "/files/{name}",
                bodyLimit: 8 << 20,
                folder: folder,
                check: { request in
                    guard request.parameters["name"] == "taken" else { return nil }
                    return Response(status: .conflict, body: Array("taken".utf8))
                },
                { request, file in
                    handled.put(file.path)
                    let bytes = FileManager.default.contents(atPath: file.path) ?? Data()
                    let sum = bytes.reduce(into: 0) { $0 = ($0 &* 31 &+ Int($1)) & 0xFFFF_FFFF }
                    let text = "\(request.body.count) \(file.byteCount) \(bytes.count) \(sum)"
                    return Response(status: .created, body: Array(text.utf8))
                }
            )
            router.inline(.get, "/a") { _ in Response(status: .ok) }
        }
    }

    /// What the handler says of a body.
    private static func report(_ body: [UInt8]) -> String {
        let sum = body.reduce(into: 0) { $0 = ($0 &* 31 &+ Int($1)) & 0xFFFF_FFFF }
        return "0 \(body.count) \(body.count) \(sum)"
    }

    private var leftovers: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? ["unreadable"]
    }

    /// A request in pieces of `chunk` bytes, or with its length.
    private static func put(_ body: [UInt8], chunk: Int?, fields: String = "") -> [UInt8] {
        let head = "PUT /files/a HTTP/1.1\r\nHost: h\r\n\(fields)"
        guard let chunk else {
            return Array("\(head)Content-Length: \(body.count)\r\n\r\n".utf8) + body
        }
        var bytes = Array("\(head)Transfer-Encoding: chunked\r\n\r\n".utf8)
        for start in stride(from: 0, to: body.count, by: chunk) {
            let piece = body[start..<min(body.count, start + chunk)]
            bytes += Array("\(String(piece.count, radix: 16))\r\n".utf8) + piece + [13, 10]
        }
        return bytes + Array("0\r\n\r\n".utf8)
    }

    @Test(arguments: [nil, 1, 7])
    func `takes a body cut at any byte, and the request behind it`(chunk: Int?) throws {
        let body = Array("a body\r\n\r\nlike a head: 0\r\n".utf8)
        let request = Self.put(body, chunk: chunk)
        let next = Array("GET /a HTTP/1.1\r\nHost: h\r\n\r\n".utf8)
        for cut in 1..<request.count {
            let client = try server.connect()
            client.send(Array(request[..<cut]))
            // Another connection's answer says that the shard has seen the first part.
            #expect(try server.connect().get("/a").status == 200)
            client.send(Array(request[cut...]) + next)
            let answer = try client.answer()
            #expect(answer.status == 201 && answer.body == Self.report(body), "cut at \(cut)")
            #expect(try client.answer().status == 200)
        }
        #expect(waits { leftovers.isEmpty })
    }

    @Test(arguments: [nil, 65_000])
    func `takes a large body in little memory, and deletes its file`(chunk: Int?) throws {
        let server = try Self.server(folder) { $0.limits.bufferedBodyBytes = 1 << 20 }
        let body = (0..<6 << 20).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 7) }
        let client = try server.connect()
        client.send(Self.put(body, chunk: chunk))
        let answer = try client.answer()
        #expect(answer.status == 201 && answer.body == Self.report(body), "\(answer)")
        #expect(waits { leftovers.isEmpty })
        #expect(server.server.statistics.bufferedBodyBytes == 0)
    }

    @Test func `takes bodies from a transport that gives a byte at a time`() throws {
        let server = try Self.server(folder) {
            $0.makeTransport = { DripTransport(descriptor: $0, limit: 1) }
        }
        let body = Array("some bytes".utf8)
        for chunk in [nil, 3] {
            let client = try server.connect()
            client.send(Self.put(body, chunk: chunk))
            #expect(try client.answer().body == Self.report(body))
        }
    }

    @Test func `gives the handler an empty file where there is no body`() throws {
        let client = try server.connect()
        client.send("PUT /files/a HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(try client.answer().body == "0 0 0 0")
        client.send("PUT /files/a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
        client.send("0\r\n\r\n")
        #expect(try client.answer().body == "0 0 0 0")
    }

    @Test func `asks for the body once it is wanted, and not before`() throws {
        let client = try server.connect()
        let fields = "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n"
        client.send("PUT /files/a HTTP/1.1\r\nHost: h\r\n\(fields)")
        #expect(try client.head().status == 100)
        client.send("abc")
        #expect(try client.answer().body == Self.report(Array("abc".utf8)))
        let refused = try server.connect()
        refused.send("PUT /files/taken HTTP/1.1\r\nHost: h\r\n\(fields)")
        #expect(try refused.head().status == 409)
        #expect(refused.remainder().hasSuffix("taken"))
    }

    @Test func `answers what needs no body without one, and goes on where there is none`() throws {
        let client = try server.connect()
        client.send("PUT /files/taken HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(try client.answer().status == 409)
        client.send("PUT /files/taken HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc")
        #expect(try client.answer().status == 409)
        #expect(client.remainder() == "")
        #expect(waits { leftovers.isEmpty })
    }

    @Test func `answers 413 before a body whose length is too large, and at the chunk that is`()
        throws
    {
        let client = try server.connect()
        client.send("PUT /files/a HTTP/1.1\r\nHost: h\r\nContent-Length: 8388609\r\n\r\n")
        #expect(try client.answer().status == 413)
        let chunked = try server.connect()
        chunked.send("PUT /files/a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
        chunked.send("3\r\nabc\r\n7ffffe\r\n")
        #expect(try chunked.answer().status == 413)
        #expect(waits { leftovers.isEmpty })
    }

    @Test func `leaves no file of a client that leaves, resets or sends nonsense`() throws {
        let starts = [
            "Content-Length: 9\r\n\r\nabc", "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        ]
        for start in starts {
            for ending in 0..<3 {
                let client = try server.connect()
                client.send("PUT /files/a HTTP/1.1\r\nHost: h\r\n\(start)")
                #expect(waits { leftovers.count == 1 })
                switch ending {
                case 0: client.disconnect()
                case 1: client.reset()
                default:
                    client.finishSending()
                    #expect(try client.answer().status == 400)
                }
                #expect(waits { leftovers.isEmpty })
            }
        }
        let client = try server.connect()
        client.send("PUT /files/a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
        client.send("3\r\nabcd\r\n")
        #expect(try client.answer().status == 400)
        #expect(waits { leftovers.isEmpty })
    }

    @Test func `answers 408 to a body that stops, however fast it came before`() throws {
        let server = try Self.server(folder) { $0.deadlines.bodyPause = .milliseconds(40) }
        let client = try server.connect()
        client.send("PUT /files/a HTTP/1.1\r\nHost: h\r\nContent-Length: 300000\r\n\r\n")
        client.send([UInt8](repeating: 1, count: 200_000))
        #expect(try client.answer().status == 408)
        #expect(waits { leftovers.isEmpty })
    }

    @Test func `answers 507 before the body where the disk is nearly full`() throws {
        let server = try Self.server(folder) { $0.limits.freeDiskBytes = .max }
        let client = try server.connect()
        client.send("PUT /files/a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n")
        client.send("Content-Length: 3\r\n\r\n")
        #expect(try client.head().status == 507)
        #expect(waits { leftovers.isEmpty })
    }

    @Test(arguments: [(ENOSPC, 507), (EDQUOT, 507), (EFBIG, 507), (EIO, 500)])
    func `says whose fault a failed write is`(code: Int32, status: Int) {
        #expect(BodyFile.fault("write", code).status.code == status)
    }

    @Test func `answers 500 where the folder is gone, and says why to the observer`() throws {
        try FileManager.default.removeItem(atPath: folder)
        let client = try server.connect()
        client.send(Self.put([1, 2, 3], chunk: nil))
        #expect(try client.answer().status == 500)
        #expect(server.log.failures.map(\.operation) == ["receive"])
    }

    @Test func `clears away what an earlier server left, and nothing else`() throws {
        for name in ["0123.upload", "model.safetensors"] {
            try Data([1]).write(to: URL(filePath: "\(folder)/\(name)"))
        }
        let next = try Self.server(folder)
        #expect(leftovers == ["model.safetensors"])
        withExtendedLifetime(next) {}
    }

    @Test func `keeps a file that was moved`() throws {
        let target = folder + "/kept"
        let server = try TestServer { router in
            router.receiving(.put, "/a", bodyLimit: 100, folder: folder) { _, file in
                do {
                    try file.move(to: target)
                    return Response(status: .created)
                } catch {
                    return Response(status: .internalServerError)
                }
            }
        }
        let client = try server.connect()
        client.send("PUT /a HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc")
        #expect(try client.answer().status == 201)
        #expect(waits { leftovers == ["kept"] })
        #expect(FileManager.default.contents(atPath: target) == Data("abc".utf8))
    }

    @Test func `stops reading a client that is faster than the disk`() throws {
        let context = ServerContext(
            configuration: HTTPServerConfiguration(),
            router: Router(),
            observer: nil,
            errorResponse: ServerFault.plainText
        )
        let mailbox = try Mailbox()
        let ticket = Ticket(slot: 0, generation: 0)
        let reception = BodyReception(ticket: ticket, mailbox: mailbox, context: context)
        // There is no file yet, so nothing is written.
        let piece = [UInt8](repeating: 0, count: 64 * 1_024)
        let welcome = (0..<9).map { _ in
            _ = context.bodyBudget.reserve(piece.count)
            return reception.append(piece)
        }
        #expect(welcome == Array(repeating: true, count: 8) + [false])
        reception.cancel()
        #expect(context.bodyBudget.usedBytes == 0)
        context.bodyPool.stop()
    }
}
