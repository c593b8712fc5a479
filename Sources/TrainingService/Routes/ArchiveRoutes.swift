internal import HTTP
internal import Jobs
internal import TrainingAPI

/// The archives of code: bringing, reading, removing.
struct ArchiveRoutes {
    let service: Service

    func register(on router: inout Router) {
        router.receiving(
            .post,
            "/v1/archives",
            bodyLimit: service.configuration.archiveLimit,
            folder: service.files.incoming,
            check: { request in
                service.archiveRefusal().map { Answer.problem($0, for: request) }
            }
        ) { request, body in
            do {
                let (archive, isNew) = try service.putArchive(body.path)
                return Answer.json(
                    archive.json(),
                    status: isNew ? .created : .ok,
                    fields: ["Location": "/v1/archives/\(archive.hash)"]
                )
            } catch {
                return Answer.problem(Problem(mapping: error), for: request)
            }
        }
        router.answer(.get, "/v1/archives/{hash}") { request in
            let hash = request.parameters["hash"] ?? ""
            guard let archive = try service.archive(hash) else {
                throw Problem(status: 404, detail: "There is no archive \"\(hash)\".")
            }
            return Answer.tagged(archive.json(), for: request)
        }
        router.answer(.delete, "/v1/archives/{hash}") { request in
            try service.deleteArchive(request.parameters["hash"] ?? "")
            return Response(status: .noContent)
        }
        router.streaming(.get, "/v1/archives/{hash}/content", pool: .reserved) { request, stream in
            do {
                let hash = request.parameters["hash"] ?? ""
                let (file, format) = try service.archiveFile(hash)
                try FileAnswer(
                    hash: file.hash,
                    mediaType: format == "zip" ? "application/zip" : "application/gzip",
                    name: "\(file.hash.prefix(12)).\(format)"
                ).send(request, stream) { try service.content(of: file) }
            } catch {
                stream.send(Answer.problem(Problem(mapping: error), for: request))
            }
        }
    }
}
