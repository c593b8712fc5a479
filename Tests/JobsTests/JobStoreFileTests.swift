import Foundation
import Jobs
import Testing

@Suite struct JobStoreFileTests {
    @Test(arguments: StoreKind.allCases)
    func `the newest checkpoints stay, and the best, and the one that was resumed`(
        kind: StoreKind
    ) throws {
        let store = try kind.make()
        let id = try store.add(submission(1)).id
        let first = try store.take(request("r", at: 2)).lease.key
        _ = try store.commit(checkpoint(10, first))
        _ = try store.complete(JobCompletion(key: first, outcome: .released, at: instant(3)))
        let second = try store.take(request("s", at: 4)).lease
        #expect(second.resumeStep == 10)
        var dropped: [StoredFile] = []
        for step in [20, 30, 40, 50] {
            let commit = checkpoint(step, second.key, keep: 2, best: step < 50 ? 20 : 50)
            dropped += try store.commit(commit).dropped
        }
        #expect(try store.checkpoints(of: id).map(\.step) == [10, 40, 50])
        #expect(dropped == [file(20), file(30)])
        #expect(try store.checkpoints(of: id).map(\.file) == [file(10), file(40), file(50)])
    }

    @Test(arguments: StoreKind.allCases)
    func `a checkpoint at the same step takes the place of the one before`(
        kind: StoreKind
    ) throws {
        let store = try kind.make()
        let id = try store.add(submission(1)).id
        let key = try store.take(request("r", at: 2)).lease.key
        #expect(try store.commit(checkpoint(10, key)).dropped == [])
        // The same bytes again: the caller asks what is still needed.
        #expect(try store.commit(checkpoint(10, key)).dropped == [file(10)])
        #expect(try store.needed(among: [file(10).hash, file(11).hash]) == [file(10).hash])
        #expect(try store.checkpoints(of: id).map(\.step) == [10])
    }

    @Test(arguments: StoreKind.allCases)
    func `without its newest checkpoint a job starts from the one before`(kind: StoreKind) throws {
        let store = try kind.make()
        let id = try store.add(submission(1)).id
        let key = try store.take(request("r", at: 2)).lease.key
        for step in [10, 20] { _ = try store.commit(checkpoint(step, key)) }
        _ = try store.complete(JobCompletion(key: key, outcome: .released, at: instant(3)))
        try store.discardCheckpoint(at: 20, of: id)
        try store.discardCheckpoint(at: 21, of: id)
        #expect(try store.take(request("s", at: 4)).lease.resumeStep == 10)
        let nobody = submission(9).id
        #expect(
            JobStoreError.Code.notFound.isThrown {
                try store.discardCheckpoint(at: 1, of: nobody)
            }
        )
    }

    @Test(arguments: StoreKind.allCases)
    func `a retry from the start starts anywhere, and its first checkpoint ends the old ones`(
        kind: StoreKind
    ) throws {
        let store = try kind.make()
        let id = try store.add(submission(1) { $0.requiresExact = true }).id
        let key = try store.take(request("r", at: 2) { $0.environment = "a" }).lease.key
        for step in [50, 60] { _ = try store.commit(checkpoint(step, key)) }
        _ = try store.act(.cancel, on: id, at: instant(3))
        _ = try store.complete(JobCompletion(key: key, outcome: .released, at: instant(4)))
        var retry = ActionRequest(.retry, on: id, at: instant(5))
        retry.fromStart = true
        _ = try store.act(retry)
        let second = try store.take(request("s", at: 6) { $0.environment = "b" }).lease
        #expect(second.resumeStep == 0)
        #expect(try store.commit(checkpoint(10, second.key)).dropped == [file(50), file(60)])
        #expect(try store.checkpoints(of: id).map(\.step) == [10])
    }

    @Test(arguments: StoreKind.allCases)
    func `an artifact takes the place of that of an earlier run`(kind: StoreKind) throws {
        let store = try kind.make()
        let id = try store.add(submission(1)).id
        let key = try store.take(request("r", at: 2)).lease.key
        #expect(try store.attach(artifact("model.py", 1, key)) == nil)
        #expect(try store.attach(artifact("model.onnx", 2, key)) == nil)
        #expect(try store.attach(artifact("model.py", 3, key)) == file(1))
        #expect(
            try store.artifacts(of: id)
                == [
                    artifact("model.onnx", 2, key).artifact, artifact("model.py", 3, key).artifact,
                ]
        )
        #expect(try store.needed(among: Set((1...3).map { file($0).hash })).count == 2)
    }

    @Test(arguments: StoreKind.allCases)
    func `a job that is deleted tells which files it needed`(kind: StoreKind) throws {
        let store = try kind.make()
        let ids = try [1, 2].map { try store.add(submission($0)).id }
        for number in [1, 2] {
            let key = try store.take(request("\(number)", at: 5)).lease.key
            _ = try store.commit(checkpoint(7, key))
            _ = try store.attach(artifact("model.py", number, key))
            _ = try store.complete(JobCompletion(key: key, outcome: .succeeded, at: instant(6)))
        }
        #expect(try Set(store.delete(ids[0])) == [file(7), file(1)])
        #expect(
            try store.needed(among: [file(7).hash, file(1).hash, file(2).hash])
                == [file(7).hash, file(2).hash]
        )
        #expect(try Set(store.delete(ids[1])) == [file(7), file(2)])
        #expect(try store.needed(among: [file(7).hash, file(2).hash]) == [])
    }

    @Test(arguments: StoreKind.allCases)
    func `a run's end brings its last report, its last state and what it made, in one piece`(
        kind: StoreKind
    ) throws {
        let store = try kind.make()
        let ids = try [1, 2].map { try store.add(submission($0)).id }
        let key = try store.take(request("r", at: 5)).lease.key
        var end = JobCompletion(key: key, outcome: .succeeded, at: instant(6))
        end.report = JobReport(key: key, sequence: 1, steps: 0..<7)
        end.report?.chunks = [SeriesChunk(series: "loss", steps: 0..<7, count: 7, payload: [1])]
        end.checkpoint = checkpoint(7, key)
        end.checkpoint?.content = [7, 7]
        end.artifacts = [artifact("model.py", 1, key)]
        end.artifacts[0].content = []
        end.next = request("s", at: 7)
        let receipt = try store.finish(end)
        #expect((receipt.job.id, receipt.job.state, receipt.job.step) == (ids[0], .succeeded, 7))
        #expect(receipt.next?.job.id == ids[1])
        #expect(try store.checkpoints(of: ids[0]).map(\.step) == [7])
        #expect(try store.artifacts(of: ids[0]).map(\.name) == ["model.py"])
        #expect(try store.seriesNames(of: ids[0]) == ["loss"])
        #expect(try store.content(of: file(7)) == [7, 7])
        #expect(try store.content(of: file(1)) == [])
        #expect(try store.content(of: file(2)) == nil)
        // The same again changes nothing, and its wish gets the same lease.
        #expect(try store.finish(end) == receipt)
        // A report that leaves one out refuses the whole end.
        var early = JobCompletion(
            key: try #require(receipt.next).lease.key,
            outcome: .succeeded,
            at: instant(8)
        )
        early.report = JobReport(key: early.key, sequence: 2, steps: 0..<1)
        early.artifacts = [artifact("model.py", 2, early.key)]
        early.artifacts[0].content = [2]
        #expect(JobStoreError.Code.outOfOrder.isThrown { _ = try store.finish(early) })
        #expect(try store.job(ids[1]).state == .running)
        #expect(try store.artifacts(of: ids[1]) == [])
        #expect(try store.content(of: file(2)) == nil)
    }

    @Test(arguments: StoreKind.allCases)
    func `bytes that a store keeps itself go with the last job that needs them`(
        kind: StoreKind
    ) throws {
        let store = try kind.make()
        let id = try store.add(submission(1)).id
        let key = try store.take(request("r", at: 5)).lease.key
        var first = checkpoint(7, key)
        first.content = [7]
        _ = try store.commit(first)
        var model = artifact("model.py", 1, key)
        model.content = [1]
        _ = try store.attach(model)
        // Another under the same name, and the checkpoint's own bytes a second time.
        var other = artifact("model.py", 7, key)
        other.content = [7]
        #expect(try store.attach(other) == file(1))
        #expect(try store.content(of: file(1)) == nil)
        _ = try store.complete(JobCompletion(key: key, outcome: .succeeded, at: instant(6)))
        let fork = try store.add(submission(2) { $0.origin = JobOrigin(job: id, step: 7) }).id
        try store.delete(id)
        #expect(try store.content(of: file(7)) == [7])
        _ = try store.act(.cancel, on: fork, at: instant(7))
        try store.delete(fork)
        #expect(try store.content(of: file(7)) == nil)
    }

    @Test(arguments: StoreKind.allCases)
    func `a job that asks for exact results waits for its checkpoint's environment`(
        kind: StoreKind
    ) throws {
        let store = try kind.make()
        let id = try store.add(submission(1) { $0.requiresExact = true }).id
        func wish(_ id: String, _ environment: String?) -> LeaseRequest {
            request(id, at: 9) { $0.environment = environment }
        }
        // Before there is a checkpoint any worker will do.
        let key = try store.take(wish("a", "avx512")).lease.key
        _ = try store.commit(checkpoint(10, key))
        _ = try store.complete(JobCompletion(key: key, outcome: .released, at: instant(9)))
        #expect(try store.job(id).environment == "avx512")
        #expect(try store.lease(wish("b", "avx2")) == nil)
        #expect(try store.lease(wish("c", nil)) == nil)
        let again = try store.take(wish("d", "avx512"))
        #expect((again.job.isExact, again.lease.resumeStep) == (true, 10))
        #expect(again.lease.environment == "avx512")
    }

    @Test(arguments: StoreKind.allCases)
    func `a job is no longer exact once it went on in another environment`(
        kind: StoreKind
    ) throws {
        let store = try kind.make()
        let id = try store.add(submission(1)).id
        func run(_ environment: String?, saving step: Int?) throws -> Bool {
            let wish = request("\(step ?? 0)", at: 9) { $0.environment = environment }
            let leased = try store.take(wish)
            if let step { _ = try store.commit(checkpoint(step, leased.lease.key)) }
            let released = JobCompletion(key: leased.lease.key, outcome: .released, at: instant(9))
            _ = try store.complete(released)
            return leased.job.isExact
        }
        #expect(try run("avx512", saving: 10))
        // What the second run does is lost with it, and so is its difference.
        #expect(try !run("avx2", saving: nil))
        #expect(try run("avx512", saving: 20))
        #expect(try !run("avx2", saving: 30))
        #expect(try !run("avx512", saving: 40))
        #expect(try store.checkpoints(of: id).map(\.isExact) == [true, false, false])
        #expect(try store.checkpoints(of: id).map(\.environment) == ["avx512", "avx2", "avx512"])
    }
}

/// An artifact under a lease, with bytes that are a number's own.
func artifact(_ name: String, _ number: Int, _ key: LeaseKey) -> ArtifactCommit {
    let artifact = Artifact(
        name: name,
        file: file(number),
        mediaType: "text/x-python",
        fence: key.fence,
        committedAt: instant(Double(number))
    )
    return ArtifactCommit(key: key, artifact: artifact)
}
