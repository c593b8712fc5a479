public import TrainingAPI

/// Archives of code for commands.
extension LehrClient {
    /// Stores an archive, by the hash of its bytes; the same again changes nothing.
    ///
    /// - Parameter body: The archive, a `.tar.gz` or a `.zip`.
    /// - Returns: The archive; 201 where it is new.
    /// - Throws: `ClientError`; 422 names what is wrong with the archive.
    public func putArchive(_ body: UploadBody) async throws(ClientError) -> Answer<ArchiveBody> {
        try await call(.post(RequestTarget("archives"), body)) { ArchiveBody($0) }
    }

    /// Reads an archive, as its worker does.
    ///
    /// - Parameters:
    ///   - hash: Its hash.
    ///   - offset: What the reader has of it already, so that the rest alone is sent; `nil` for nothing.
    /// - Returns: The bytes in pieces.
    /// - Throws: `ClientError`; 404 where it is gone.
    public func archiveContent(
        _ hash: String,
        from offset: FileOffset? = nil
    ) async throws(ClientError) -> FileContent {
        try await file(RequestTarget("archives", hash, "content"), from: offset)
    }
}
