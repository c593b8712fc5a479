import Foundation
import TestSupport
import Testing

@Suite(
    .enabled(if: Bench.binaries != nil, "LEHR_BINARIES must name the release binaries"),
    .serialized
)
struct ChaosTests {
    @Test func `whatever is killed and whoever interferes, every promise holds`() async throws {
        let chaos = try await Chaos(Chaos.Extent())
        print("chaos: seed \(chaos.extent.seed), \(chaos.extent.kills) kills")
        let began = ContinuousClock.now
        try await chaos.rage()
        let raged = ContinuousClock.now
        try await chaos.settle()
        let settled = ContinuousClock.now
        let client = chaos.server.client
        // Every 201 is there exactly once, and nothing else is.
        let listed = try await jobs(on: client)
        #expect(listed.count == chaos.accepted.count)
        #expect(Set(listed.compactMap { $0["id"]?.string }) == Set(chaos.accepted.values))
        let names = listed.compactMap { $0["name"]?.string }
        #expect(Set(names).count == names.count)
        var replays = ChaosReplay()
        for job in listed {
            let id = try #require(job["id"]?.string)
            let events = try await events(of: id, on: client)
            #expect(events.isComplete, "\(id)")
            chaos.noteRuns(events.grants)
            // One final state, which nothing followed.
            #expect(events.finals <= 1 + events.retries, "\(id)")
            let state = job["state"]?.string
            #expect(state == "succeeded" || state == "cancelled", "\(job)")
            try await audit(job, on: client)
            guard state == "succeeded" else { continue }
            try replays.note(
                job,
                edits: try await client.sendableEdits(of: id),
                weights: try await client.weights(of: id)
            )
        }
        let compared = ContinuousClock.now
        try await replays.run()
        print(chaos.report)
        print(
            "\(chaos.kills) kills; \(replays.jobs) jobs compared with \(replays.count) undisturbed"
        )
        print(
            "disturbed for \(raged - began), settled in \(settled - raged), looked through in"
                + " \(compared - settled), replayed in \(ContinuousClock.now - compared)"
        )
        for deed in ChaosDeed.allCases where deed != .cancellation {
            #expect(
                chaos.counts[deed, default: 0] > 0,
                "\(deed.rawValue): none, so nothing is shown"
            )
        }
        #expect(chaos.shim.steppedReads > 0, "nobody read the clock that was set")
    }

    // MARK: - What is there

    private func jobs(on client: HTTPClient) async throws -> [JSONValue] {
        var jobs: [JSONValue] = []
        var target: String? = "/v1/jobs?limit=500"
        while let next = target {
            let page = try await client.get(next).json()
            jobs += page["items"]?.array ?? []
            target = page["next_cursor"]?.string.map { "/v1/jobs?limit=500&cursor=\($0)" }
        }
        return jobs
    }

    /// Every step once, at the rate that it was to have, and no hole in the curve.
    private func audit(_ job: JSONValue, on client: HTTPClient) async throws {
        let id = try #require(job["id"]?.string)
        let audit = try await client.get("/v1/jobs/\(id)/audit").json()
        #expect(audit["mismatches"]?.integer == 0, "\(id): \(audit)")
        #expect(audit["digest"] == audit["expected_digest"])
        guard let done = job["progress"]?["step"]?.integer else { return }
        let first = job["forked_from"]?["step"]?.integer ?? 0
        #expect(audit["steps"]?.integer == done - first, "\(id): \(audit)")
        guard done > first else { return }
        // A curve of more points than one answer has is thinned; the audit has counted them all.
        guard done - first <= 100_000 else { return }
        let losses = try await client.curve("train_loss", of: id)
        #expect(losses.steps.elementsEqual(first..<done), "\(id): a hole, or a step twice")
    }

    private func events(
        of id: String,
        on client: HTTPClient
    ) async throws -> (isComplete: Bool, grants: Int, finals: Int, retries: Int) {
        var (last, grants, finals, retries) = (0, 0, 0, 0)
        var isComplete = true
        while true {
            let target = "/v1/jobs/\(id)/events?after=\(last)&wait_seconds=0"
            let page = try await client.get(target).json()
            for event in page["items"]?.array ?? [] {
                // What is no longer kept is told by a gap, which is no hole.
                if event["event"] == "gap" { last = event["data"]?["to"]?.integer ?? last }
                guard let number = event["id"]?.integer else { continue }
                isComplete = isComplete && number == last + 1
                last = number
                guard event["event"] == "state" else { continue }
                if event["data"]?["cause"] == "granted" { grants += 1 }
                if event["data"]?["cause"] == "retry" { retries += 1 }
                let state = event["data"]?["state"]?.string ?? ""
                if ["succeeded", "failed", "cancelled"].contains(state) { finals += 1 }
            }
            if page["complete"] == true { return (isComplete, grants, finals, retries) }
        }
    }
}
