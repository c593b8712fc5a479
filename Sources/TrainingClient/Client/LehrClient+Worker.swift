public import TrainingAPI

/// The worker's side of the protocol.
extension LehrClient {
    /// Asks for a job, and waits for one as long as the request says.
    ///
    /// - Parameter request: Who asks, for what; the same `requestID` gets the same lease again.
    /// - Returns: The job with its lease; `nil` where none came.
    /// - Throws: `ClientError`.
    public func lease(_ request: LeaseRequest) async throws(ClientError) -> LeasedJob? {
        var call = ClientCall.post(RequestTarget("leases"), .init(request))
        call.timeouts = ClientTimeouts().waiting(.seconds(request.waitSeconds))
        return try await callOptional(call) { LeasedJob($0) }.value
    }

    /// Renews a lease.
    ///
    /// - Parameters:
    ///   - lease: The lease's id.
    ///   - fence: The lease's fence.
    ///   - log: Lines of a command's output, and the number of the first one in its run; a line that comes
    ///     twice is kept once.
    /// - Returns: The lease's term and what the worker is to do.
    /// - Throws: `ClientError`; ``ClientError/isLeaseLost`` where the lease is another's now.
    public func heartbeat(
        _ lease: String,
        fence: Int,
        log: (from: Int, lines: [String])? = nil
    ) async throws(ClientError) -> ReportReceipt {
        var beat = Heartbeat(fence: fence)
        if let log { (beat.logFrom, beat.logLines) = log }
        let call = ClientCall.post(RequestTarget("leases", lease, "heartbeat"), .init(beat))
        return try await self.call(call) { ReportReceipt($0) }.value
    }

    /// Reports what a worker did; a report that comes twice changes nothing the second time.
    ///
    /// - Parameters:
    ///   - report: The report.
    ///   - lease: The lease's id.
    /// - Returns: The next rates, the lease's term and what the worker is to do.
    /// - Throws: `ClientError`; ``ClientError/isLeaseLost`` where the lease is another's now.
    public func report(
        _ report: WorkerReport,
        lease: String
    ) async throws(ClientError) -> ReportReceipt {
        let call = ClientCall.post(RequestTarget("leases", lease, "report"), .init(report))
        return try await self.call(call) { ReportReceipt($0) }.value
    }

    /// Tells how a run ended, and may ask for the next job in the same round trip.
    ///
    /// - Parameters:
    ///   - completion: The end of the run.
    ///   - lease: The lease's id.
    /// - Returns: The next job with its lease; `nil` where none was asked for or none came.
    /// - Throws: `ClientError`; ``ClientError/isLeaseLost`` where the lease is another's now.
    public func complete(
        _ completion: WorkerCompletion,
        lease: String
    ) async throws(ClientError) -> LeasedJob? {
        var call = ClientCall.post(RequestTarget("leases", lease, "completion"), .init(completion))
        let wait = completion.next?.waitSeconds ?? 0
        call.timeouts = ClientTimeouts().waiting(.seconds(wait))
        return try await callOptional(call) { LeasedJob($0) }.value
    }
}
