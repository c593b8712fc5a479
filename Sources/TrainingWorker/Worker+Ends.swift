internal import Logging
internal import TrainingAPI
internal import TrainingClient

/// How a worker lets go of jobs.
extension Worker {
    /// Gives back what a request may have been granted whose answer was not waited for.
    func releaseUnanswered(on lane: WorkerLane) async {
        guard var request = lane.unanswered else { return }
        lane.unanswered = nil
        request.waitSeconds = 0
        do {
            if let job = try await client.lease(request) { await release(job) }
        } catch {
            // The lease, if there is one, ends by itself.
            logger.info("whether a job was leased at last is not known: \(error)")
        }
    }

    func release(_ job: LeasedJob) async {
        let completion = WorkerCompletion(fence: job.fence, outcome: .released)
        do {
            _ = try await deliver(completion, of: job)
        } catch {
            logger.warning("job \(job.jobID) could not be given back: \(error)")
        }
    }

    /// Tells the server of a run's end, again and again where that may help.
    ///
    /// Heartbeats hold the lease from the first repeat on. They end nothing: only the answer to the end itself
    /// says what has become of it.
    ///
    /// - Parameters:
    ///   - completion: The end.
    ///   - job: The job.
    /// - Returns: The next job, where one was asked for.
    /// - Throws: Why the end was not taken.
    func deliver(
        _ completion: WorkerCompletion,
        of job: LeasedJob
    ) async throws(ClientError) -> LeasedJob? {
        let beats = Heartbeats(of: job, client) { _, _ in }
        let result = await delivered(completion, of: job, beats)
        await beats.end()
        return try result.get()
    }

    private func delivered(
        _ completion: WorkerCompletion,
        of job: LeasedJob,
        _ beats: Heartbeats
    ) async -> Result<LeasedJob?, ClientError> {
        var pause = Backoff(first: .milliseconds(100), limit: .seconds(2))
        let began = ContinuousClock.now
        while true {
            do {
                return .success(try await client.complete(completion, lease: job.leaseID))
            } catch {
                guard error.isWorthRepeating,
                    configuration.isPatient(since: began, stopped: stopped)
                else { return .failure(error) }
                beats.begin(isAtOnce: true)
                await pause.wait()
            }
        }
    }
}
