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
    /// - Parameter hash: Its hash.
    /// - Returns: The bytes in pieces.
    /// - Throws: `ClientError`; 404 where it is gone.
    public func archiveContent(_ hash: String) async throws(ClientError) -> ResponseBody {
        var call = ClientCall.get(RequestTarget("archives", hash, "content"))
        call.accept = "*/*"
        call.timeouts = ClientTimeouts(total: nil)
        return try await stream(call)
    }
}
