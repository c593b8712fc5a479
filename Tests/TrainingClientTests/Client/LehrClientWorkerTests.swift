import Testing
import TrainingAPI

@testable import TrainingClient

@Suite struct LehrClientWorkerTests {
    private let lease = LeasedJob(
        leaseID: "00ff",
        fence: 2,
        termSeconds: 30,
        jobID: "j",
        kind: "train",
        specification: JSONFragment(Document(.object([]))),
        totalSteps: 10,
        stepsPerEpoch: 5,
        evaluationInterval: 5,
        resumeStep: 0,
        grant: Grant(fromStep: 0, learningRates: [0.1, 0.05])
    )

    private func client(_ transport: ScriptedTransport) -> LehrClient {
        LehrClient(server: .local, transport: transport, retries: .never)
    }

    private func text(_ value: some JSONWritable) -> String {
        String(decoding: value.json(), as: UTF8.self)
    }

    @Test func `a lease comes with its first rates, or not at all`() async throws {
        let transport = ScriptedTransport(.answer(200, text(lease)), .answer(204))
        let client = client(transport)
        let wish = LeaseRequest(worker: "w", requestID: "r", kinds: ["train"], waitSeconds: 20)
        #expect(try await client.lease(wish) == lease)
        #expect(try await client.lease(wish) == nil)
        let request = try #require(transport.requests.first)
        #expect(request.operation == "POST http://127.0.0.1:8080/v1/leases")
        #expect(request.body == wish.json())
        #expect(request.timeouts?.idle == .seconds(50))
        #expect(request.timeouts?.total == .seconds(80))
    }

    @Test func `heartbeat and report bring directives and the next rates`() async throws {
        let receipt = ReportReceipt(
            grant: Grant(fromStep: 2, learningRates: [0.01]),
            directives: [.cancel],
            termSeconds: 30
        )
        let transport = ScriptedTransport(.answer(200, text(receipt)), .answer(200, text(receipt)))
        let client = client(transport)
        #expect(try await client.heartbeat("00ff", fence: 2) == receipt)
        let report = WorkerReport(
            fence: 2,
            sequence: 0,
            fromStep: 0,
            toStep: 1,
            series: [],
            updateSeconds: 0,
            seconds: 0,
            appliedDigest: "d"
        )
        #expect(try await client.report(report, lease: "00ff") == receipt)
        #expect(
            transport.requests.map(\.operation) == [
                "POST http://127.0.0.1:8080/v1/leases/00ff/heartbeat",
                "POST http://127.0.0.1:8080/v1/leases/00ff/report",
            ]
        )
        #expect(transport.requests.first?.body == Array(#"{"fence":2}"#.utf8))
        #expect(transport.requests.last?.body == report.json())
    }

    @Test func `a completion may bring the next job`() async throws {
        let transport = ScriptedTransport(.answer(200, text(lease)), .answer(204))
        let client = client(transport)
        let wish = LeaseRequest(worker: "w", requestID: "r", kinds: ["train"], waitSeconds: 5)
        let end = WorkerCompletion(fence: 2, outcome: .released, next: wish)
        #expect(try await client.complete(end, lease: "00ff") == lease)
        #expect(try await client.complete(end, lease: "00ff") == nil)
        #expect(transport.requests.first?.body == end.json())
        #expect(transport.requests.first?.timeouts?.idle == .seconds(35))
    }

    @Test(arguments: [("/problems/lease_lost", true), ("/problems/conflict", false)])
    func `tells a lost lease from other conflicts`(type: String, isLost: Bool) async throws {
        let body = text(Problem(status: 409, type: type, detail: "the lease is another's"))
        let client = client(ScriptedTransport(.answer(409, body)))
        await #expect {
            try await client.heartbeat("00ff", fence: 2)
        } throws: {
            ($0 as? ClientError)?.isLeaseLost == isLost
        }
    }
}
