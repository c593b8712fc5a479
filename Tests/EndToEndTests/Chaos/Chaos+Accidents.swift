import Foundation
import TestSupport
import Testing

/// What befalls processes, disk and clock.
extension Chaos {
    /// Until when a worker is stopped.
    enum Silence {
        /// Until its lease has expired.
        case hasExpired
        /// Until another has got its job.
        case hasLostItsJob
    }

    /// How long what an accident is aimed at is waited for before another is tried.
    ///
    /// Nothing fails where it does not come: the rage goes on until everything has happened.
    private static let patience = Duration.seconds(10)

    private func wait(until isReached: () async throws -> Bool) async throws -> Bool {
        let deadline = ContinuousClock.now + Self.patience
        while ContinuousClock.now < deadline {
            if try await isReached() { return true }
            try await Task.sleep(for: .milliseconds(10))
        }
        return false
    }

    // MARK: - Processes

    func killWorker() {
        guard let worker = server.workerProcessIDs.randomElement(using: &generator) else { return }
        kill(worker, SIGKILL)
        counts[.killedWorker, default: 0] += 1
    }

    /// Stops a worker past its lease while nobody else can take its job, so that it may take it up again.
    func silenceWorker() async throws {
        fillers += 1
        try await submitEndless()
        let filler = accepted["key-\(number)"]
        _ = try await wait {
            // A server that is about to be missed answers the next time.
            let workers = try? await server.client.get("/v1/workers").json()["items"]?.array
            return workers?.isEmpty == false
                && workers?.allSatisfy { $0["job_id"] != .null } == true
        }
        try await stopWorker(until: .hasExpired)
        if let filler { _ = try await send("/v1/jobs/\(filler)/cancel", "", key: nil) }
    }

    /// Stops a busy worker until it has lost what it holds, and lets it go on.
    func stopWorker(until silence: Silence) async throws {
        guard let worker = try await busyWorker(onEndless: silence == .hasLostItsJob) else {
            return
        }
        let path = "/v1/jobs/\(worker.job)/events?wait_seconds=0&after="
        func causes() async throws -> [String] {
            let items = try await server.client.get("\(path)\(worker.lastEvent)").json()["items"]
            return (items?.array ?? []).compactMap { $0["data"]?["cause"]?.string }
        }
        kill(worker.process, SIGSTOP)
        let wanted = silence == .hasExpired ? "lease_expired" : "granted"
        let isReached = try await wait { try await causes().contains(wanted) }
        kill(worker.process, SIGCONT)
        guard isReached else { return }
        counts[silence == .hasExpired ? .silentWorker : .stoppedWorker, default: 0] += 1
        // What the worker is told then is what matters: it is given the time to ask.
        let (name, before) =
            silence == .hasExpired
            ? ("lehr_leases_revived", await count("lehr_leases_revived"))
            : ("lehr_stale_writes", await count("lehr_stale_writes"))
        _ = try await wait {
            if let now = await count(name), let before, now > before { return true }
            // One that was taken up by another at the last moment is stale.
            return silence == .hasExpired ? try await causes().last == "granted" : false
        }
    }

    /// A worker that runs a job, with the number of the job's newest event.
    private func busyWorker(
        onEndless: Bool
    ) async throws -> (process: Int32, job: String, lastEvent: Int)? {
        let items = try await server.client.get("/v1/workers").json()["items"]?.array ?? []
        let busy = items.compactMap { item -> (name: String, job: String)? in
            guard let name = item["name"]?.string, let job = item["job_id"]?.string else {
                return nil
            }
            return !onEndless || endless.contains(job) ? (name, job) : nil
        }
        guard let worker = busy.randomElement(using: &generator) else { return nil }
        let process = server.workerProcessIDs.first { id in
            // A process that has ended meanwhile has no command line.
            let words = try? String(contentsOfFile: "/proc/\(id)/cmdline", encoding: .utf8)
            return words?.contains("--name\0\(worker.name)\0") == true
        }
        guard let process else { return nil }
        var last = 0
        while true {
            let path = "/v1/jobs/\(worker.job)/events?after=\(last)&wait_seconds=0"
            let page = try await server.client.get(path).json()
            let ids = (page["items"]?.array ?? []).compactMap { $0["id"]?.integer }
            guard let newest = ids.last, newest > last else { break }
            last = newest
        }
        return (process, worker.job, last)
    }

    /// Ends the server, at once or in order, and starts another on its data.
    func restart(_ deed: ChaosDeed) async throws {
        try await collect()
        if deed == .killedServer { await server.kill() } else { await server.stop() }
        server = try await bench.start()
        counts[deed, default: 0] += 1
    }

    // MARK: - Disk and clock

    /// Lets no write of the server reach the disk, tells what it says then, and starts another.
    func fillDisk() async throws {
        try await server.failFileWrites()
        number += 1
        let key = "key-\(number)"
        let body = #"{"dataset": {"name": "spirals"}, "model": {"type": "softmax"}, "steps": 9}"#
        let reply = try await send("/v1/jobs", body, key: key)
        #expect(
            reply.map { [503, 507].contains($0.status) } ?? true,
            "\(String(describing: reply))"
        )
        if reply != nil { counts[.fullDisk, default: 0] += 1 }
        try await restart(.killedServer)
    }

    /// Lets the next checkpoints fail on their way to the disk.
    func failSync() async throws {
        let before = shim.failedSyncs
        let count = Int32.random(in: 1...3, using: &generator)
        shim.failSyncs(count)
        _ = try await wait { [shim] in shim.failedSyncs >= before + Int(count) }
        shim.failSyncs(0)
        counts[.failedSync, default: 0] += shim.failedSyncs - before
    }

    /// Sets the wall clock to up to two hours from the true time.
    func setClock() {
        shim.setClock(Int64.random(in: -7_200...7_200, using: &generator))
        counts[.setClock, default: 0] += 1
    }

    // MARK: - What the server counts

    /// Adds what the server has counted since the last time, which is lost with it.
    func collect() async throws {
        for (deed, name) in [
            (ChaosDeed.staleWrite, "lehr_stale_writes"), (.expiredLease, "lehr_leases_expired"),
            (.revivedLease, "lehr_leases_revived"),
        ] {
            guard let count = await count(name) else { continue }
            if collected.server != server.processID { collected = (server.processID, [:]) }
            counts[deed, default: 0] += count - collected.counts[deed, default: 0]
            collected.counts[deed] = count
        }
    }

    /// What the server has counted; `nil` where it does not answer.
    private func count(_ name: String) async -> Int? {
        let text = try? await server.client.get("/metrics").text
        let line = text?.split(separator: "\n").first { $0.hasPrefix("\(name)_total ") }
        return line.flatMap { $0.split(separator: " ").last }.flatMap { Int($0) }
    }
}
