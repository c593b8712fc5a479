internal import HTTP
internal import Jobs
internal import TrainingAPI

/// A stored file as the answer to a request.
struct FileAnswer {
    /// The media type of a checkpoint.
    static let checkpointType = "application/octet-stream"

    let file: StoredFile
    let mediaType: String
    /// The name under which a browser saves it; `nil` for one that a program reads.
    var name: String?

    /// Sends the file, or 304 where the client has it; its hash is its entity tag.
    ///
    /// - Throws: `JobStoreError`; `Problem` 410 where the file has gone meanwhile.
    func send(from service: Service, _ request: Request, _ stream: ResponseStream) throws {
        var fields: Fields = ["ETag": "\"\(file.hash)\"", "Cache-Control": "no-cache"]
        let tags = request.fields.values(for: "If-None-Match")
        if tags.contains(where: { Answer.matches($0, "\"\(file.hash)\"") }) {
            stream.send(Response(status: .notModified, fields: fields))
            return
        }
        fields.set("Content-Type", mediaType)
        if let name { fields.set("Content-Disposition", "attachment; filename=\"\(name)\"") }
        if let content = try service.store.content(of: file) {
            stream.send(Response(status: .ok, fields: fields, body: content))
            return
        }
        do {
            try FileExport(path: service.files.path(of: file), stream: stream).begin(fields: fields)
        } catch {
            throw Problem(status: 410, detail: "The file has been removed.")
        }
    }
}
