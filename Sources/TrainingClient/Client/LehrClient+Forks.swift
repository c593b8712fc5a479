public import TrainingAPI

/// Jobs that go on from a checkpoint of another.
extension LehrClient {
    /// How a job goes on from another.
    public enum Continuation: String, Sendable {
        /// With some fields changed.
        case fork
        /// For longer.
        case extend
        /// With a rate that falls to zero.
        case cooldown
    }

    /// Asks what a job would be that goes on from another, and stores nothing.
    ///
    /// - Parameters:
    ///   - continuation: How it goes on.
    ///   - id: The other job's id.
    ///   - body: What is asked for, JSON.
    /// - Returns: The rates around the join and over the whole run.
    /// - Throws: `ClientError`.
    public func preview(
        _ continuation: Continuation,
        of id: String,
        _ body: [UInt8]
    ) async throws(ClientError) -> Answer<ForkPreview> {
        var target = RequestTarget("jobs", id, continuation.rawValue)
        target.append("validate_only", "true")
        return try await call(.post(target, .init(body, .json))) { ForkPreview($0) }
    }

    /// Makes a job that goes on from another.
    ///
    /// - Parameters:
    ///   - continuation: How it goes on.
    ///   - id: The other job's id.
    ///   - body: What is asked for, JSON.
    ///   - key: What makes a repeat harmless; a fresh one by default.
    /// - Returns: The new job.
    /// - Throws: `ClientError`.
    public func make(
        _ continuation: Continuation,
        of id: String,
        _ body: [UInt8],
        key: String? = nil
    ) async throws(ClientError) -> Answer<JobBody> {
        let target = RequestTarget("jobs", id, continuation.rawValue)
        let call = ClientCall.post(target, .init(body, .json)).idempotent(by: key)
        return try await self.call(call) { JobBody($0) }
    }
}
