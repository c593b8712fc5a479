internal import HTTP

/// What a request shows to be let in.
struct Credential {
    /// The token.
    let secret: String
    private let isCookie: Bool

    /// Reads the request's fields; nil where none holds a token.
    init?(_ request: Request) {
        let values = request.fields.values(for: "Authorization")
        if let value = values.first {
            let words = value.split(separator: " ", maxSplits: 1)
            guard values.count == 1, words.count == 2, words[0].lowercased() == "bearer" else {
                return nil
            }
            secret = words[1].drop { $0 == " " }.description
            isCookie = false
        } else if let value = SessionCookie.value(in: request) {
            secret = value
            isCookie = true
        } else {
            return nil
        }
    }

    /// The origin of a foreign page that would act with the cookie of a person who looks at it.
    ///
    /// Browsers do not send the cookie then (`SameSite=Strict`); this holds where one does.
    func foreignOrigin(of request: Request) -> String? {
        guard isCookie, request.method != .get, request.method != .head,
            let origin = request.fields["Origin"]
        else { return nil }
        let isOwn = ["http://", "https://"].contains { origin == $0 + (request.authority ?? "") }
        return isOwn ? nil : origin
    }
}
