public import TrainingAPI

extension LehrClient {
    /// Lists the datasets that jobs may name.
    public func datasets() async throws(ClientError) -> Answer<[DatasetBody]> {
        try await call(.get(RequestTarget("datasets"))) { Self.items($0) { DatasetBody($0) } }
    }

    /// Reads one dataset.
    public func dataset(_ name: String) async throws(ClientError) -> Answer<DatasetBody> {
        try await call(.get(RequestTarget("datasets", name))) { DatasetBody($0) }
    }

    /// Removes a dataset that somebody uploaded; no job that has not ended may rely on it.
    public func deleteDataset(_ name: String) async throws(ClientError) {
        _ = try await callOptional(
            ClientCall(method: .delete, target: RequestTarget("datasets", name))
        ) { $0 }
    }

    /// Reads the decoded rows of an uploaded dataset, as its file holds them.
    ///
    /// - Parameters:
    ///   - name: The dataset's name.
    ///   - hash: The hash that its content must have.
    ///   - offset: What the reader has of it already, so that the rest alone is sent; `nil` for nothing.
    /// - Returns: The bytes in pieces.
    /// - Throws: `ClientError`; 404 where it is gone, 409 where it has another content.
    public func datasetContent(
        _ name: String,
        hash: String,
        from offset: FileOffset? = nil
    ) async throws(ClientError) -> FileContent {
        var target = RequestTarget("datasets", name, "content")
        target.append("hash", hash)
        return try await file(target, from: offset)
    }

    /// Lists the workers that the server has heard of.
    public func workers() async throws(ClientError) -> Answer<[WorkerBody]> {
        try await call(.get(RequestTarget("workers"))) { Self.items($0) { WorkerBody($0) } }
    }

    /// Reads a catalogue of types with their parameters.
    ///
    /// - Parameter catalogue: Which one.
    /// - Returns: The catalogue: `items`, each with its `type`, `summary` and `parameters`.
    /// - Throws: `ClientError`.
    public func types(_ catalogue: Catalogue) async throws(ClientError) -> Answer<Document> {
        try await call(.get(RequestTarget(catalogue.rawValue, "types"))) { $0 }
    }

    /// Computes the rates of a schedule that no job has yet.
    ///
    /// - Parameters:
    ///   - request: The schedule, its steps and what it is to be told, as a person wrote it.
    ///   - format: What `request` is written in.
    /// - Returns: `learning_rates`, `momenta` where they move, and `events`.
    /// - Throws: `ClientError`.
    public func previewSchedule(
        _ request: [UInt8],
        _ format: BodyFormat
    ) async throws(ClientError) -> Answer<Document> {
        try await call(.post(RequestTarget("schedules", "preview"), .init(request, format))) { $0 }
    }

    /// Reads the rates of a job: those that were in force and those to come.
    ///
    /// - Parameters:
    ///   - id: The job's id.
    ///   - fromStep: The first step; 0 by default.
    ///   - toStep: The step after the last one; the run's end by default.
    ///   - maximumPoints: How many rates the answer is thinned to; every step where it is `nil`.
    /// - Returns: `version`, `total_steps`, `from_step`, `learning_rates`, `steps` where they are
    ///   thinned, `momenta` where they move, and `events`.
    /// - Throws: `ClientError`.
    public func schedule(
        of id: String,
        fromStep: Int? = nil,
        toStep: Int? = nil,
        maximumPoints: Int? = nil
    ) async throws(ClientError) -> Answer<Document> {
        var target = RequestTarget("jobs", id, "schedule")
        target.append("from_step", fromStep)
        target.append("to_step", toStep)
        target.append("max_points", maximumPoints)
        return try await call(.get(target)) { $0 }
    }

    /// A list of types with their parameters.
    public enum Catalogue: String, Hashable, Sendable {
        /// Kinds of schedule.
        case schedules
        /// Kinds of model.
        case models
        /// Kinds of optimizer.
        case optimizers
    }

    private static func items<Item>(_ document: Document, _ read: (Document) -> Item?) -> [Item]? {
        guard let documents = document["items"]?.array ?? document.array else { return nil }
        let items = documents.compactMap(read)
        return items.count == documents.count ? items : nil
    }
}
