internal import HTTP
internal import TrainingAPI

/// Who a client is, and the cookie of a page.
struct SessionRoutes {
    /// Who may do what; nil where nobody needs a token.
    let gate: TokenGate?
    /// Whether the server is reached by TLS, so that the cookie must not go without.
    let isSecure: Bool

    func register(on router: inout Router) {
        router.answer(inline: .get, "/v1/session") { request in read(request) }
        router.answer(inline: .post, "/v1/session") { request in open(request) }
        router.answer(inline: .delete, "/v1/session") { _ in
            Response(status: .noContent, fields: SessionCookie.clear(isSecure: isSecure))
        }
    }

    private func read(_ request: Request) -> Response {
        let scopes = gate.map { $0.scopes(of: request.client ?? "") } ?? Set(Scope.allCases)
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("name", request.client)
            writer.field("scopes", Scope.allCases.filter(scopes.contains).map(\.rawValue))
        }
        return Answer.json(writer.bytes, fields: ["Cache-Control": "no-store"])
    }

    /// Puts the token that came with the request into a cookie; without tokens there is none to put.
    private func open(_ request: Request) -> Response {
        guard gate != nil, let credential = Credential(request) else {
            return Response(status: .noContent)
        }
        return Response(
            status: .noContent,
            fields: SessionCookie.set(credential.secret, isSecure: isSecure)
        )
    }
}
