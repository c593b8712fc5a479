import Foundation
import Jobs
import Testing

@Suite struct JobStoreListingTests {
    /// Forty jobs that differ in state, kind, name and labels, in pairs of one creation.
    private func filled(_ kind: StoreKind) throws -> any JobStore {
        let store = try kind.make()
        for number in 0..<40 {
            let id = JobID(at: instant(Double(number / 2)), random: UInt64(number * 37 % 40))
            var job = JobSubmission(
                id: id,
                kind: ["train", "range_test", "command"][number % 3],
                specification: [],
                totalSteps: 1,
                at: instant(Double(number / 2))
            )
            job.name = number % 4 == 0 ? nil : "name-\(number % 4)"
            job.labels = ["parity": "\(number % 2)"]
            job.labels["team"] = number % 5 == 0 ? "vision" : nil
            try store.add(job)
            if number % 7 == 0 {
                _ = try store.act(.cancel, on: id, at: instant(50))
            } else if number % 6 == 0 {
                _ = try store.act(.pause, on: id, at: instant(50))
            }
        }
        return store
    }

    private func query(limit: Int = 100, _ change: (inout JobQuery) -> Void) -> JobQuery {
        var query = JobQuery(limit: limit)
        change(&query)
        return query
    }

    @Test(arguments: StoreKind.allCases)
    func `lists the newest first, those of one creation by id`(kind: StoreKind) throws {
        let page = try filled(kind).jobs(JobQuery(limit: 100))
        let order = page.jobs.map { ($0.createdAt, $0.id) }
        #expect(order.count == 40)
        #expect(zip(order, order.dropFirst()).allSatisfy { $0 > $1 })
        #expect(page.next == nil)
    }

    @Test(arguments: StoreKind.allCases, [1, 3, 20, 39])
    func `pages join to the whole list, whatever their size`(kind: StoreKind, limit: Int) throws {
        let store = try filled(kind)
        for change in [{ _ in }, { $0.states = [.queued, .paused] }, { $0.kind = "train" }]
            as [(inout JobQuery) -> Void]
        {
            let whole = try store.jobs(query(change)).jobs
            var pages: [[JobRecord]] = []
            var cursor: JobQuery.Cursor?
            repeat {
                var next = query(limit: limit, change)
                next.cursor = cursor
                let page = try store.jobs(next)
                pages.append(page.jobs)
                cursor = page.next
            } while cursor != nil
            #expect(pages.flatMap { $0 } == whole)
            #expect(pages.dropLast().allSatisfy { $0.count == limit })
            #expect(pages.last?.isEmpty == false)
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `every mixture of conditions lists what meets them all`(kind: StoreKind) throws {
        let store = try filled(kind)
        let all = try store.jobs(JobQuery(limit: 100)).jobs
        let states: [Set<JobState>?] = [nil, [], [.cancelled], [.queued, .paused, .failed]]
        let labels = [[:], ["parity": "1"], ["parity": "0", "team": "vision"], ["team": "none"]]
        for state in states {
            for kind in [nil, "train", "no such"] {
                for name in [nil, "name-2", "name-"] {
                    for wanted in labels {
                        let found = try store.jobs(
                            query {
                                $0.states = state
                                $0.kind = kind
                                $0.name = name
                                $0.labels = wanted
                            }
                        )
                        let expected = all.filter { job in
                            state?.contains(job.state) ?? true
                                && kind.map { $0 == job.kind } ?? true
                                && name.map { $0 == job.name } ?? true
                                && wanted.allSatisfy { job.labels[$0] == $1 }
                        }
                        #expect(found.jobs == expected, "\(String(describing: state)) \(wanted)")
                    }
                }
            }
        }
    }

    @Test(arguments: StoreKind.allCases)
    func `counts every state`(kind: StoreKind) throws {
        let store = try filled(kind)
        _ = try store.take(request("r", kinds: ["command"], at: 60))
        let counts = try store.counts()
        #expect(Set(counts.keys) == Set(JobState.allCases))
        #expect(
            counts == [
                .queued: 27, .running: 1, .pausing: 0, .paused: 6, .cancelling: 0, .cancelled: 6,
                .succeeded: 0, .failed: 0,
            ]
        )
        for (state, count) in counts {
            #expect(try store.jobs(query { $0.states = [state] }).jobs.count == count)
        }
    }
}
