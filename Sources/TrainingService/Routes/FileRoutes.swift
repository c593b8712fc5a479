internal import HTTP
internal import Jobs
internal import TrainingAPI

/// What jobs keep and leave behind.
struct FileRoutes {
    let service: Service

    func register(on router: inout Router) {
        router.answer(.get, "/v1/jobs/{id}/checkpoints") { request in
            let checkpoints = try service.store.checkpoints(of: try id(of: request))
            return Answer.tagged(
                ListBody(checkpoints.map { Service.body(of: $0) }).json(),
                for: request
            )
        }
        router.answer(.get, "/v1/jobs/{id}/artifacts") { request in
            let record = try service.store.job(try id(of: request))
            return Answer.tagged(ListBody(try service.artifacts(of: record)).json(), for: request)
        }
        stream(&router, "/v1/jobs/{id}/checkpoints/{step}") { try checkpoint($0, $1) }
        stream(&router, "/v1/jobs/{id}/artifacts/{name}") { try artifact($0, $1) }
    }

    private func stream(
        _ router: inout Router,
        _ template: String,
        _ handler: @escaping @Sendable (Request, ResponseStream) throws -> Void
    ) {
        router.streaming(.get, template) { request, stream in
            do {
                try handler(request, stream)
            } catch {
                stream.send(Answer.problem(Problem(mapping: error), for: request))
            }
        }
    }

    private func checkpoint(_ request: Request, _ stream: ResponseStream) throws {
        let id = try id(of: request)
        let text = request.parameters["step"] ?? ""
        guard let step = Int(text), step >= 0 else {
            _ = try service.store.job(id)
            throw Problem(status: 404, detail: "There is no step \"\(text)\".")
        }
        let file = try service.checkpointFile(at: step, of: id)
        try FileAnswer(
            hash: file.hash,
            mediaType: FileAnswer.checkpointType,
            name: "\(id)-\(step).safetensors"
        ).send(request, stream) { try service.content(of: file) }
    }

    /// Sends an artifact.
    ///
    /// The request's name is compared with the known names and goes no further.
    private func artifact(_ request: Request, _ stream: ResponseStream) throws {
        let record = try service.store.job(try id(of: request))
        let name = request.parameters["name"] ?? ""
        guard let kind = ArtifactKind(rawValue: name) else {
            let names = ArtifactKind.allCases.map(\.rawValue)
            throw Problem(
                status: 404,
                detail: "There is no artifact \"\(name)\"; the names are"
                    + " \(names.joined(separator: ", "))."
            )
        }
        guard kind.isSent else { return try service.send(kind, of: record, request, stream) }
        let artifacts = try service.store.artifacts(of: record.id)
        guard let artifact = artifacts.first(where: { $0.name == name }) else {
            throw Problem(
                status: 404,
                detail: record.state == .succeeded
                    ? "Job \(record.id) has left no \(name)."
                    : "Job \(record.id) is \(record.state); \(name) comes with its success."
            )
        }
        try FileAnswer(hash: artifact.file.hash, mediaType: artifact.mediaType, name: name)
            .send(request, stream) { try service.content(of: artifact.file) }
    }
}
