internal import HTTP
internal import Jobs
internal import TrainingAPI

/// Cancelling, pausing, resuming, retrying and deleting jobs.
struct ActionRoutes {
    let service: Service

    func register(on router: inout Router) {
        for action in JobAction.allCases {
            router.answer(.post, "/v1/jobs/{id}/\(action.rawValue)") { request in
                try act(action, request)
            }
        }
        router.answer(.delete, "/v1/jobs/{id}") { request in
            var query = QueryReader(request)
            try query.finish()
            try service.delete(try id(of: request))
            return Response(status: .noContent)
        }
    }

    private func act(_ action: JobAction, _ request: Request) throws -> Response {
        var query = QueryReader(request)
        try query.finish()
        let id = try id(of: request)
        var fromStart = false
        if action == .retry, !request.body.isEmpty {
            fromStart =
                try RequestBody.decode(request) { RetryBody($0, at: $1, &$2) }.origin == .start
        }
        return try service.act(
            action,
            on: id,
            fromStart: fromStart,
            key: try SubmissionKey(request)
        )
    }
}
