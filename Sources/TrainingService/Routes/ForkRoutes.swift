internal import HTTP
internal import Jobs
internal import TrainingAPI

/// Jobs that go on from a checkpoint of another.
struct ForkRoutes {
    let service: Service

    func register(on router: inout Router) {
        router.answer(.post, "/v1/jobs/{id}/fork") { request in
            try answer(request) { ForkRequest($0, &$1).map { .fork($0) } }
        }
        router.answer(.post, "/v1/jobs/{id}/extend") { request in
            try answer(request) { ExtendRequest.fork($0, &$1).map { .fork($0) } }
        }
        router.answer(.post, "/v1/jobs/{id}/cooldown") { request in
            try answer(request) { CooldownRequest($0, &$1).map { .cooldown($0) } }
        }
    }

    private func answer(
        _ request: Request,
        _ read: (Document, inout DecodingContext) -> Service.ForkKind?
    ) throws -> Response {
        var query = QueryReader(request)
        let validatesOnly = query.flag("validate_only")
        let points = query.integer("max_points", in: 2...100_000) ?? 1_000
        try query.finish()
        let id = try id(of: request)
        let key = try SubmissionKey(request)
        if !validatesOnly, let replay = try service.replay(key) { return Answer.replayed(replay) }
        var (document, context) = try RequestBody.document(of: request)
        guard let kind = read(document, &context), context.isValid else {
            throw RequestBody.invalid(context.faults)
        }
        let lookup = try service.lookUp(document["changes"]?["schedule"])
        let fork = try service.fork(id, kind, lookup: lookup, context)
        if validatesOnly {
            return Answer.json(Service.preview(fork, points: points).json())
        }
        return try service.accept(fork, key: key)
    }
}
