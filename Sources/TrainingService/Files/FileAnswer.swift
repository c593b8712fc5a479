internal import HTTP
internal import Jobs
internal import TrainingAPI

/// Stored bytes as the answer to a request for them, or for a part of them.
struct FileAnswer {
    /// The bytes, wherever they are kept.
    enum Content {
        case bytes([UInt8])
        case file(FileExport)

        /// How many there are.
        var size: Int {
            switch self {
            case .bytes(let bytes): bytes.count
            case .file(let export): export.size
            }
        }
    }

    /// The media type of a checkpoint.
    static let checkpointType = "application/octet-stream"

    /// The SHA-256 that stands for the bytes; their entity tag.
    let hash: String
    let mediaType: String
    /// The name under which a browser saves it; `nil` for one that a program reads.
    var name: String?

    /// Sends the bytes, those of the range that is asked for, or 304 where the client has them.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - stream: The answer.
    ///   - open: Gets the bytes; not called where the client has them.
    /// - Throws: What `open` throws.
    func send(
        _ request: Request,
        _ stream: ResponseStream,
        _ open: () throws -> Content
    ) throws {
        let tag = "\"\(hash)\""
        var fields: Fields = ["ETag": tag, "Cache-Control": "no-cache"]
        let tags = request.fields.values(for: "If-None-Match")
        if tags.contains(where: { Answer.matches($0, tag) }) {
            stream.send(Response(status: .notModified, fields: fields))
            return
        }
        let content = try open()
        let selection = ContentSelection(request, size: content.size, entityTag: tag)
        fields["Content-Range"] = selection.contentRange(of: content.size)
        fields.set("Accept-Ranges", "bytes")
        fields.set("Content-Type", mediaType)
        if let name { fields.set("Content-Disposition", "attachment; filename=\"\(name)\"") }
        switch selection {
        case .whole: content.send(0..<content.size, .ok, fields, stream)
        case .part(let bytes): content.send(bytes, .partialContent, fields, stream)
        case .unsatisfiable:
            var answer = Answer.problem(
                Problem(
                    status: Status.rangeNotSatisfiable.code,
                    detail:
                        "The content has \(content.size) bytes; the range that is asked for lies"
                        + " behind them."
                ),
                for: request
            )
            answer.fields["Content-Range"] = selection.contentRange(of: content.size)
            stream.send(answer)
        }
    }
}

extension FileAnswer.Content {
    fileprivate func send(
        _ range: Range<Int>,
        _ status: Status,
        _ fields: Fields,
        _ stream: ResponseStream
    ) {
        switch self {
        case .bytes(let bytes):
            let part = range.count == bytes.count ? bytes : Array(bytes[range])
            stream.send(Response(status: status, fields: fields, body: part))
        case .file(let export): export.send(range, status, fields, to: stream)
        }
    }
}

extension Service {
    /// The bytes of a file that a job keeps or has left behind.
    ///
    /// - Throws: `JobStoreError`; `Problem` 410 where the file has gone meanwhile.
    func content(of file: StoredFile) throws -> FileAnswer.Content {
        if let bytes = try store.content(of: file) { return .bytes(bytes) }
        do {
            return .file(try FileExport(path: files.path(of: file)))
        } catch {
            throw Problem(status: 410, detail: "The file has been removed.")
        }
    }
}
