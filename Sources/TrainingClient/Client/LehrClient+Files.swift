public import TrainingAPI

/// What jobs keep and leave behind.
extension LehrClient {
    // MARK: - For people

    /// Lists the checkpoints of a job, by step.
    ///
    /// - Parameter id: The job's id.
    /// - Returns: The checkpoints.
    /// - Throws: `ClientError`.
    public func checkpoints(
        of id: String
    ) async throws(ClientError) -> Answer<ListBody<CheckpointBody>> {
        try await call(.get(RequestTarget("jobs", id, "checkpoints"))) {
            ListBody($0) { CheckpointBody($0) }
        }
    }

    /// Reads a checkpoint of a job, in the layout of safetensors.
    ///
    /// - Parameters:
    ///   - step: The finished updates that it holds.
    ///   - id: The job's id.
    ///   - offset: What the reader has of it already, so that the rest alone is sent; `nil` for nothing.
    /// - Returns: The bytes in pieces.
    /// - Throws: `ClientError`.
    public func checkpoint(
        at step: Int,
        of id: String,
        from offset: FileOffset? = nil
    ) async throws(ClientError) -> FileContent {
        try await file(RequestTarget("jobs", id, "checkpoints", "\(step)"), from: offset)
    }

    /// Lists what a job leaves behind, by name.
    ///
    /// - Parameter id: The job's id.
    /// - Returns: The artifacts.
    /// - Throws: `ClientError`.
    public func artifacts(
        of id: String
    ) async throws(ClientError) -> Answer<ListBody<ArtifactBody>> {
        try await call(.get(RequestTarget("jobs", id, "artifacts"))) {
            ListBody($0) { ArtifactBody($0) }
        }
    }

    /// Reads something that a job leaves behind.
    ///
    /// - Parameters:
    ///   - name: Its name, such as `model.safetensors`.
    ///   - id: The job's id.
    ///   - offset: What the reader has of it already, so that the rest alone is sent; `nil` for nothing.
    /// - Returns: The bytes in pieces.
    /// - Throws: `ClientError`.
    public func artifact(
        _ name: String,
        of id: String,
        from offset: FileOffset? = nil
    ) async throws(ClientError) -> FileContent {
        try await file(RequestTarget("jobs", id, "artifacts", name), from: offset)
    }

    // MARK: - For workers

    /// Stores a checkpoint; the same again changes nothing.
    ///
    /// - Parameters:
    ///   - body: The bytes.
    ///   - step: The finished updates that it holds, all of which were reported.
    ///   - bestStep: The finished updates at the best validation so far.
    ///   - lease: The lease's id.
    ///   - fence: The lease's fence.
    /// - Returns: The checkpoint, once it is on the server's disk.
    /// - Throws: `ClientError`; ``ClientError/isLeaseLost`` where the lease is another's now.
    public func putCheckpoint(
        _ body: UploadBody,
        at step: Int,
        bestStep: Int?,
        lease: String,
        fence: Int
    ) async throws(ClientError) -> CheckpointBody {
        var target = RequestTarget("leases", lease, "checkpoints", "\(step)")
        target.append("fence", fence)
        target.append("best_step", bestStep)
        return try await call(.put(target, body)) { CheckpointBody($0) }.value
    }

    /// Reads the checkpoint from which a leased job goes on.
    ///
    /// - Parameters:
    ///   - step: The finished updates that it holds.
    ///   - lease: The lease's id.
    ///   - fence: The lease's fence.
    ///   - offset: What the reader has of it already, so that the rest alone is sent; `nil` for nothing.
    /// - Returns: The bytes in pieces.
    /// - Throws: `ClientError`; ``ClientError/isLeaseLost`` where the lease is another's now.
    public func checkpoint(
        at step: Int,
        lease: String,
        fence: Int,
        from offset: FileOffset? = nil
    ) async throws(ClientError) -> FileContent {
        var target = RequestTarget("leases", lease, "checkpoints", "\(step)")
        target.append("fence", fence)
        return try await file(target, from: offset)
    }

    /// Stores something that a job leaves behind, in place of what it had by that name.
    ///
    /// - Parameters:
    ///   - name: Its name, such as `model.safetensors`.
    ///   - body: The bytes.
    ///   - lease: The lease's id.
    ///   - fence: The lease's fence.
    /// - Returns: The artifact, once it is on the server's disk.
    /// - Throws: `ClientError`; ``ClientError/isLeaseLost`` where the lease is another's now.
    public func putArtifact(
        _ name: String,
        _ body: UploadBody,
        lease: String,
        fence: Int
    ) async throws(ClientError) -> ArtifactBody {
        var target = RequestTarget("leases", lease, "artifacts", name)
        target.append("fence", fence)
        return try await call(.put(target, body)) { ArtifactBody($0) }.value
    }
}
