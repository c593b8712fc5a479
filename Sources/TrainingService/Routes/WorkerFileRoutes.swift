internal import HTTP
internal import Jobs
internal import TrainingAPI

/// What workers send and fetch beside messages: checkpoints and artifacts.
///
/// A lease is checked before a body is read, so that a stale worker sends nothing in vain, and again with
/// the row that names the file.
struct WorkerFileRoutes {
    let service: Service

    func register(on router: inout Router) {
        let configuration = service.configuration
        router.receiving(
            .put,
            "/v1/leases/{id}/checkpoints/{step}",
            pool: .reserved,
            bodyLimit: configuration.checkpointLimit,
            folder: service.files.incoming,
            check: { request in refusal(of: request) { try checkpointWish($0) } }
        ) { request, body in
            answer(request) { try putCheckpoint(request, body) }
        }
        router.receiving(
            .put,
            "/v1/leases/{id}/artifacts/{name}",
            pool: .reserved,
            bodyLimit: configuration.artifactLimit,
            folder: service.files.incoming,
            check: { request in refusal(of: request) { try artifactWish($0) } }
        ) { request, body in
            answer(request) { try putArtifact(request, body) }
        }
        router.streaming(
            .get,
            "/v1/leases/{id}/checkpoints/{step}",
            pool: .reserved
        ) { request, stream in
            do {
                let wish = try checkpointWish(request)
                let id = wish.run.key.job
                let file = try service.checkpointFile(at: wish.step, of: id)
                try FileAnswer(hash: file.hash, mediaType: FileAnswer.checkpointType)
                    .send(request, stream) { try service.content(of: file) }
            } catch {
                stream.send(Answer.problem(Problem(mapping: error), for: request))
            }
        }
    }

    // MARK: - Checkpoints

    private func checkpointWish(
        _ request: Request
    ) throws -> (run: ActiveRun, step: Int, bestStep: Int?) {
        let text = request.parameters["step"] ?? ""
        guard let step = Int(text), (1...JobSpecification.stepLimit).contains(step) else {
            throw Problem(status: 404, detail: "There is no step \"\(text)\".")
        }
        let (run, bestStep) = try lease(of: request) { query in
            query.integer("best_step", in: 0...JobSpecification.stepLimit)
        }
        return (run, step, bestStep)
    }

    private func putCheckpoint(_ request: Request, _ body: BodyFile) throws -> Response {
        let wish = try checkpointWish(request)
        let saved = try service.commitCheckpoint(
            body.path,
            at: wish.step,
            bestStep: wish.bestStep,
            of: wish.run
        )
        return Answer.json(saved.json())
    }

    // MARK: - Artifacts

    private func artifactWish(_ request: Request) throws -> (run: ActiveRun, kind: ArtifactKind) {
        let name = request.parameters["name"] ?? ""
        guard let kind = ArtifactKind(rawValue: name), kind.isSent else {
            let names = ArtifactKind.allCases.filter(\.isSent).map(\.rawValue)
            throw Problem(
                status: 404,
                detail:
                    "No worker sends \"\(name)\"; the names are \(names.joined(separator: ", "))."
            )
        }
        return (try lease(of: request) { _ in () }.run, kind)
    }

    private func putArtifact(_ request: Request, _ body: BodyFile) throws -> Response {
        let wish = try artifactWish(request)
        return Answer.json(
            try service.commitArtifact(body.path, wish.kind, of: wish.run).json()
        )
    }

    // MARK: - Leases

    /// The run of the lease that a request names by path and fence, with what else its query says.
    private func lease<Rest>(
        of request: Request,
        _ rest: (inout QueryReader) -> Rest
    ) throws -> (run: ActiveRun, rest: Rest) {
        let lease = try leaseID(of: request)
        var query = QueryReader(request)
        let fence = query.integer("fence", in: 1...Int(Int32.max))
        let others = rest(&query)
        if fence == nil { query.report("fence", "is missing; it must be the lease's fence") }
        // Workers of another age may say more than is known here.
        try query.finish(refusesUnknown: false)
        return (try service.check(lease, fence: fence ?? 0), others)
    }

    /// The answer to a request whose body is not wanted.
    private func refusal<Wish>(
        of request: Request,
        _ read: (Request) throws -> Wish
    ) -> Response? {
        do {
            _ = try read(request)
            return nil
        } catch {
            return Answer.problem(Problem(mapping: error), for: request)
        }
    }

    private func answer(_ request: Request, _ body: () throws -> Response) -> Response {
        do {
            return try body()
        } catch {
            return Answer.problem(Problem(mapping: error), for: request)
        }
    }
}
