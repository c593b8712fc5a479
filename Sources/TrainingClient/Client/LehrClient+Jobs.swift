public import TrainingAPI

extension LehrClient {
    /// Submits a job.
    ///
    /// - Parameters:
    ///   - specification: The job as a person wrote it.
    ///   - format: What `specification` is written in.
    ///   - idempotencyKey: The same for a repeat of the same submission, which then makes no second job;
    ///     `nil` makes one that covers the attempts of this call.
    /// - Returns: The job, once the server has stored it.
    /// - Throws: `ClientError`; where the specification is not valid, its problem names every fault.
    public func submit(
        _ specification: [UInt8],
        _ format: BodyFormat,
        idempotencyKey: String? = nil
    ) async throws(ClientError) -> Answer<JobBody> {
        let call = ClientCall.post(RequestTarget("jobs"), .init(specification, format))
        return try await self.call(call.idempotent(by: idempotencyKey)) { JobBody($0) }
    }

    /// Checks a job without storing it.
    ///
    /// - Parameters:
    ///   - specification: The job as a person wrote it.
    ///   - format: What `specification` is written in.
    /// - Returns: The normalised specification, `steps_per_epoch`, `total_steps` and `warnings`.
    /// - Throws: `ClientError`; where the specification is not valid, its problem names every fault.
    public func validate(
        _ specification: [UInt8],
        _ format: BodyFormat
    ) async throws(ClientError) -> Answer<Document> {
        var target = RequestTarget("jobs")
        target.append("validate_only", "true")
        return try await call(.post(target, .init(specification, format))) { $0 }
    }

    /// Lists jobs, newest first.
    ///
    /// - Parameter query: Which jobs, and where the page begins.
    /// - Returns: The page.
    /// - Throws: `ClientError`.
    public func jobs(_ query: JobQuery = JobQuery()) async throws(ClientError) -> Answer<JobPage> {
        try await call(.get(query.target)) { JobPage($0) }
    }

    /// Reads a job.
    ///
    /// - Parameter id: The job's id.
    /// - Returns: The job.
    /// - Throws: `ClientError`.
    public func job(_ id: String) async throws(ClientError) -> Answer<JobBody> {
        try await call(.get(RequestTarget("jobs", id))) { JobBody($0) }
    }

    /// Reads curves of a job.
    ///
    /// - Parameters:
    ///   - id: The job's id.
    ///   - query: Which curves, and how many points of them.
    /// - Returns: The curves, each thinned by the server.
    /// - Throws: `ClientError`.
    public func metrics(
        of id: String,
        _ query: MetricsQuery = MetricsQuery()
    ) async throws(ClientError) -> Answer<MetricsBody> {
        try await call(.get(query.target(of: id))) { MetricsBody($0) }
    }

    /// Reads curves of a job as comma-separated values, every point unless the query thins them.
    ///
    /// - Parameters:
    ///   - id: The job's id.
    ///   - query: Which curves, and how many points of them.
    /// - Returns: The text in pieces, UTF-8.
    /// - Throws: `ClientError`.
    public func metricsCSV(
        of id: String,
        _ query: MetricsQuery = MetricsQuery()
    ) async throws(ClientError) -> ResponseBody {
        var call = ClientCall.get(query.target(of: id))
        call.accept = "text/csv"
        return try await stream(call)
    }
}
