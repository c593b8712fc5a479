internal import HTTP
internal import Jobs
internal import Schedules
internal import TrainingAPI

/// Previews of schedules, and schedules that are stored under names.
struct ScheduleRoutes {
    let service: Service

    func register(on router: inout Router) {
        router.answer(.post, "/v1/schedules/preview") { request in try preview(request) }
        router.answer(.get, "/v1/schedules") { request in try list(request) }
        router.answer(.put, "/v1/schedules/{name}") { request in try put(request) }
        router.answer(.get, "/v1/schedules/{name}") { request in try read(request) }
        router.answer(.delete, "/v1/schedules/{name}") { request in try delete(request) }
        router.answer(.get, "/v1/schedules/{name}/versions") { request in
            try versions(request)
        }
    }

    private func preview(_ request: Request) throws -> Response {
        var (written, context) = try RequestBody.document(of: request)
        let lookup = try service.lookUp(written["schedule"])
        let document = ScheduleReference.resolve(written, lookup: lookup, &context)
        if LibraryPreviewRequest.isMeant(by: document) {
            guard let wish = LibraryPreviewRequest(document, &context), context.isValid,
                let body = wish.preview(&context)
            else { throw RequestBody.invalid(context.faults) }
            return Answer.json(body.json())
        }
        guard let wish = PreviewRequest(document, &context), context.isValid,
            let body = wish.preview(&context)
        else { throw RequestBody.invalid(context.faults) }
        return Answer.json(body.json())
    }

    // MARK: - Stored schedules

    private func put(_ request: Request) throws -> Response {
        let name = request.parameters["name"] ?? ""
        guard StoredSchedule.isName(name) else {
            let detail = "the name must be \(StoredSchedule.nameRequirement); got \"\(name)\""
            throw RequestBody.invalid([Fault(pointer: "", detail: detail, code: .range)])
        }
        let schedule = try RequestBody.decode(request) { document, pointer, context in
            RunSchedule(document, at: pointer, &context)
        }
        let condition = DocumentCondition(request)
        switch try service.put(schedule, as: name, if: condition) {
        case .stored(let document):
            let location = "/v1/schedules/\(name)?version=\(document.version)"
            return try answer(document, .created, ["Location": location])
        case .unchanged(let document): return try answer(document, .ok)
        case .refused(let newest): throw Self.stale(name, newest)
        }
    }

    private func answer(
        _ document: VersionedDocument,
        _ status: Status,
        _ fields: Fields = [:]
    ) throws -> Response {
        var fields = fields
        fields.set("ETag", document.entityTag)
        return Answer.json(
            try service.schedule(in: document).json(),
            status: status,
            fields: fields
        )
    }

    private func read(_ request: Request) throws -> Response {
        var query = QueryReader(request)
        let version = query.integer("version", in: 1...1_000_000_000)
        try query.finish()
        let document = try service.store.document(try id(of: request), version: version)
        return Answer.tagged(
            try service.schedule(in: document).json(),
            tag: document.entityTag,
            for: request
        )
    }

    private func delete(_ request: Request) throws -> Response {
        let id = try id(of: request)
        switch try service.store.deleteDocument(id, condition: DocumentCondition(request)) {
        case .removed: return Response(status: .noContent)
        case .refused(let newest): throw Self.stale(id.name, newest)
        }
    }

    private func list(_ request: Request) throws -> Response {
        var query = QueryReader(request)
        let cursor = ScheduleCursor(&query)
        try query.finish()
        var wish = DocumentQuery(kind: Service.scheduleKind, limit: cursor.limit)
        wish.cursor = cursor.name
        let page = try service.store.documents(wish)
        return try answer(page, "/v1/schedules", cursor, for: request)
    }

    private func versions(_ request: Request) throws -> Response {
        let id = try id(of: request)
        var query = QueryReader(request)
        let cursor = ScheduleCursor(&query)
        try query.finish()
        let page = try service.store.versions(of: id, before: cursor.version, limit: cursor.limit)
        return try answer(page, "/v1/schedules/\(id.name)/versions", cursor, for: request)
    }

    private func answer(
        _ page: DocumentPage,
        _ path: String,
        _ cursor: ScheduleCursor,
        for request: Request
    ) throws -> Response {
        let schedules = try page.documents.map { try service.schedule(in: $0) }
        let next = page.hasMore ? page.documents.last.map { ScheduleCursor.text(after: $0) } : nil
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("items", schedules)
            writer.field("next_cursor", next)
        }
        var fields: Fields = [:]
        if let next {
            let target = "\(path)?limit=\(cursor.limit)&cursor=\(next)"
            fields.set("Link", "<\(target)>; rel=\"next\"")
        }
        return Answer.tagged(writer.bytes, fields: fields, for: request)
    }

    /// The document that a request's path names.
    private func id(of request: Request) throws(Problem) -> DocumentID {
        let name = request.parameters["name"] ?? ""
        guard StoredSchedule.isName(name) else {
            throw Problem(status: 404, detail: "There is no schedule \"\(name)\".")
        }
        return DocumentID(kind: Service.scheduleKind, name: name)
    }

    private static func stale(_ name: String, _ newest: VersionedDocument?) -> Problem {
        let there = newest.map {
            "its newest version is \($0.version), with the tag \($0.entityTag)"
        }
        return Problem(
            status: 412,
            detail: "The condition does not hold for schedule \"\(name)\": "
                + "\(there ?? "it is not there")."
        )
    }
}
