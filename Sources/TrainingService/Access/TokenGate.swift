package import HTTP
internal import Synchronization

/// Lets requests pass that carry a token with the right scope.
///
/// A token comes as `Authorization: Bearer`, or from a page in the cookie ``SessionCookie``.
package final class TokenGate: RequestGate {
    private struct State {
        var tokens: [AccessToken]
        var limiter = RateLimiter()
    }

    private let state: Mutex<State>
    /// The tokens of the server's own making, which no file takes away.
    private let own: [AccessToken]
    private let requestsPerSecond: Int
    private let now: @Sendable () -> ContinuousClock.Instant

    /// Makes a gate.
    ///
    /// - Parameters:
    ///   - tokens: Those of the file.
    ///   - own: Those of the server's own workers; their rate is not limited.
    ///   - requestsPerSecond: The rate of a token whose line has none.
    ///   - now: The clock.
    package init(
        tokens: [AccessToken],
        own: [AccessToken] = [],
        requestsPerSecond: Int,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) {
        state = Mutex(State(tokens: tokens))
        self.own = own
        self.requestsPerSecond = requestsPerSecond
        self.now = now
    }

    /// Knows these tokens from now on, and no others but the server's own.
    package func replace(_ tokens: [AccessToken]) {
        state.withLock { state in
            state.tokens = tokens
            state.limiter.keep(Set(tokens.map(\.name)))
        }
    }

    /// What a client may do; empty where it has no token any more.
    func scopes(of client: String) -> Set<Scope> {
        let tokens = own + state.withLock(\.tokens)
        return tokens.first { $0.name == client }?.scopes ?? []
    }

    /// Lets a request pass whose token has a scope that the route needs.
    package func admit(_ request: Request, to template: String) -> GateVerdict {
        let needed = Scope.needed(request.method, template)
        guard !needed.isEmpty else { return .pass(client: nil) }
        guard let credential = Credential(request) else {
            return .refuse(
                .unauthorized,
                "This server wants a token: send it as \"Authorization: Bearer TOKEN\".",
                ["WWW-Authenticate": "Bearer realm=\"lehr\""]
            )
        }
        guard let token = token(of: credential.secret) else {
            return .refuse(
                .unauthorized,
                "The token is not one that this server knows.",
                ["WWW-Authenticate": "Bearer realm=\"lehr\", error=\"invalid_token\""]
            )
        }
        guard !token.scopes.isDisjoint(with: needed) else { return Self.lacking(needed[0], token) }
        if let origin = credential.foreignOrigin(of: request) {
            return .refuse(
                .forbidden,
                "A page of \(origin) may not act with the cookie of this server.",
                [:]
            )
        }
        if let refusal = overload(of: token, template) { return refusal }
        return .pass(client: token.name)
    }

    private static func lacking(_ scope: Scope, _ token: AccessToken) -> GateVerdict {
        let word = scope.rawValue
        return .refuse(
            .forbidden,
            "This needs the scope \(word), which the token \(token.name) does not have.",
            [
                "WWW-Authenticate":
                    "Bearer realm=\"lehr\", error=\"insufficient_scope\", scope=\"\(word)\""
            ]
        )
    }

    /// The token of a secret, found in a time that does not depend on how much of it is right.
    private func token(of secret: String) -> AccessToken? {
        let digest = AccessToken.digest(of: secret)
        var found: AccessToken?
        for token in own + state.withLock(\.tokens) {
            let difference = zip(token.digest, digest).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) }
            if difference == 0 { found = token }
        }
        return found
    }

    /// Reports and heartbeats are never refused: a lease that ends for want of them costs more.
    private func overload(of token: AccessToken, _ template: String) -> GateVerdict? {
        guard !template.hasPrefix("/v1/leases"), !own.contains(token) else { return nil }
        let rate = token.requestsPerSecond ?? requestsPerSecond
        let now = now()
        let wait = state.withLock { $0.limiter.take(token.name, rate: rate, at: now) }
        guard let wait else { return nil }
        let seconds = Int((wait / .seconds(1)).rounded(.up))
        return .refuse(
            .tooManyRequests,
            "The token \(token.name) may send \(rate) requests a second.",
            ["Retry-After": "\(max(1, seconds))"]
        )
    }
}
