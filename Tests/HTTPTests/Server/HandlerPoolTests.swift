import Dispatch
import Foundation
import Synchronization
import Testing

@testable import HTTP

@Suite struct HandlerPoolTests {
    @Test func `answers 503 when the queue is full and keeps the reserved threads apart`() throws {
        let release = Box<Bool>()
        let entered = Box<Bool>()
        let server = try TestServer({
            $0.poolThreads = 1
            $0.poolQueueLimit = 1
            $0.retryAfterSeconds = 7
        }) { router in
            router.pooled(.get, "/slow") { _ in
                entered.put(true)
                _ = release.take()
                return Response(status: .ok)
            }
            router.pooled(.get, "/worker", pool: .reserved) { _ in Response(status: 299) }
        }
        let clients = try (0..<3).map { _ in try server.connect() }
        clients[0].send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(entered.take() == true)
        clients[1].send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(waits { server.server.statistics.waitingRequests[.general] == 1 })
        let refused = try clients[2].get("/slow")
        #expect(refused.status == 503)
        #expect(refused.fields["Retry-After"] == "7")
        #expect(refused.fields["Connection"] == nil)
        #expect(try clients[2].get("/worker").status == 299)
        release.put(true)
        #expect(try clients[0].answer().status == 200)
        #expect(try clients[1].answer().status == 200)
        #expect(try clients[2].get("/slow").status == 200)
    }

    @Test func `answers from memory while every thread is busy`() throws {
        let release = Box<Bool>()
        let entered = Box<Bool>()
        let server = try TestServer({ $0.poolThreads = 1 }) { router in
            router.pooled(.get, "/slow") { _ in
                entered.put(true)
                _ = release.take()
                return Response(status: .ok)
            }
            let recall: @Sendable (Request) -> Response? = { request in
                request.parameters["id"] == "known" ? Response(status: 299) : nil
            }
            router.remembered(.get, "/{id}/facts", recall: recall) { _ in Response(status: 298) }
        }
        let clients = try (0..<2).map { _ in try server.connect() }
        clients[0].send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(entered.take() == true)
        #expect(try clients[1].get("/known/facts").status == 299)
        // What is not known waits for a thread.
        clients[1].send("GET /other/facts HTTP/1.1\r\nHost: h\r\n\r\n")
        #expect(waits { server.server.statistics.waitingRequests[.general] == 1 })
        release.put(true)
        #expect(try clients[1].answer().status == 298)
        #expect(try clients[0].answer().status == 200)
    }

    @Test func `wakes a thread for each piece of work that blocks`() {
        let pool = HandlerPool(name: "test", threads: 6, queueLimit: 100)
        defer { pool.stop() }
        // The first round starts the threads, the others wake them.
        for _ in 0..<20 {
            let (entered, release) = (DispatchGroup(), DispatchSemaphore(value: 0))
            let left = DispatchGroup()
            for _ in 0..<6 {
                entered.enter()
                left.enter()
                let isTaken = pool.submit {
                    entered.leave()
                    release.wait()
                    left.leave()
                }
                #expect(isTaken)
            }
            // All six are inside before one may leave.
            entered.wait()
            #expect(pool.load == (0, 6))
            for _ in 0..<6 { release.signal() }
            left.wait()
        }
    }

    @Test func `calls again for a thread that the system did not give`() {
        let calls = Atomic(0)
        let pool = HandlerPool(name: "test", threads: 1, queueLimit: 1) { thread in
            if calls.add(1, ordering: .relaxed).newValue > 2 { thread.start() }
        }
        defer { pool.stop() }
        let done = Box<Bool>()
        // Nothing follows it that would have a thread called.
        #expect(pool.submit { done.put(true) })
        #expect(done.take() == true)
    }

    @Test func `runs as many handlers at once as it has threads`() throws {
        let both = [Box<Bool>(), Box<Bool>()]
        let server = try TestServer({ $0.poolThreads = 2 }) { router in
            router.pooled(.get, "/{index}") { request in
                let index = request.parameters["index"] == "0" ? 0 : 1
                both[index].put(true)
                // Comes back only when the other one runs too.
                return Response(status: both[1 - index].take() == true ? .ok : 500)
            }
        }
        let clients = try (0..<2).map { _ in try server.connect() }
        for (index, client) in clients.enumerated() {
            client.send("GET /\(index) HTTP/1.1\r\nHost: h\r\n\r\n")
        }
        for client in clients { #expect(try client.answer().status == 200) }
    }
}
