/// How far into a file a reader has come, and of which file.
public struct FileOffset: Hashable, Sendable {
    /// How many bytes the reader has; at least 1.
    public let bytes: Int
    /// The strong entity tag of the file that they are of.
    public let entityTag: String

    /// Makes an offset; one below 1 is a caller's bug and traps.
    public init(bytes: Int, entityTag: String) {
        precondition(bytes >= 1, "an offset is at least 1, got \(bytes)")
        self.bytes = bytes
        self.entityTag = entityTag
    }
}

/// A file, or the rest of one, on its way from a server.
public struct FileContent: Sendable {
    /// How many bytes of the file come before these: those that were asked for, or 0.
    ///
    /// It is 0 for a reader that has nothing yet, and where the file is another one than the reader has
    /// begun, or the server sends no parts.
    public let offset: Int
    /// The strong entity tag of the file; `nil` where the server gives none.
    public let entityTag: String?
    /// The bytes in pieces.
    public let body: ResponseBody

    /// Makes a content.
    public init(offset: Int = 0, entityTag: String?, body: ResponseBody) {
        self.offset = offset
        self.entityTag = entityTag
        self.body = body
    }

    /// Reads the head of an answer to a request for the file from `offset` on.
    init(
        _ response: StreamedResponse,
        from offset: FileOffset?,
        operation: String
    ) throws(ClientError) {
        let tag = response.fields["ETag"].flatMap { $0.hasPrefix("\"") ? $0 : nil }
        guard response.status == 206 else {
            self.init(entityTag: tag, body: response.body)
            return
        }
        let range = response.fields["Content-Range"] ?? ""
        guard let offset, Self.isRest(range, from: offset.bytes),
            tag == nil || tag == offset.entityTag
        else {
            throw ClientError(
                code: .malformedResponse,
                operation: operation,
                detail:
                    "the answer to \(operation) is another part than the one that was asked for:"
                    + " \"\(range)\""
            )
        }
        self.init(offset: offset.bytes, entityTag: offset.entityTag, body: response.body)
    }

    /// Whether a `Content-Range` is all that follows after some bytes (RFC 9110, section 14.4).
    private static func isRest(_ range: String, from start: Int) -> Bool {
        let prefix = "bytes \(start)-"
        guard range.hasPrefix(prefix) else { return false }
        let parts = range.dropFirst(prefix.count).split(separator: "/").map { Int($0) }
        guard parts.count == 2, let last = parts[0], let size = parts[1] else { return false }
        return last == size - 1
    }
}

extension LehrClient {
    /// Reads a file, from an offset on where there is one.
    func file(
        _ target: RequestTarget,
        from offset: FileOffset?
    ) async throws(ClientError) -> FileContent {
        var call = ClientCall.get(target)
        call.accept = "*/*"
        call.timeouts = ClientTimeouts(total: nil)
        if let offset {
            call.fields = [("Range", "bytes=\(offset.bytes)-"), ("If-Range", offset.entityTag)]
        }
        return try await FileContent(answer(call), from: offset, operation: operation(of: call))
    }
}
