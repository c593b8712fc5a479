internal import HTTP

/// The cookie in which a page carries its token: out of reach of scripts, and sent by pages of this
/// server alone.
enum SessionCookie {
    private static let name = "lehr_token"

    /// The token in a request's cookies.
    static func value(in request: Request) -> String? {
        for line in request.fields.values(for: "Cookie") {
            for pair in line.split(separator: ";") {
                let parts = pair.drop { $0 == " " }.split(separator: "=", maxSplits: 1)
                if parts.count == 2, parts[0] == name { return String(parts[1]) }
            }
        }
        return nil
    }

    /// The field that keeps a token, for as long as the browser runs.
    static func set(_ secret: String, isSecure: Bool) -> Fields {
        field("\(name)=\(secret)", isSecure: isSecure)
    }

    /// The field that drops it.
    static func clear(isSecure: Bool) -> Fields {
        field("\(name)=; Max-Age=0", isSecure: isSecure)
    }

    private static func field(_ pair: String, isSecure: Bool) -> Fields {
        let secure = isSecure ? "; Secure" : ""
        return ["Set-Cookie": "\(pair); Path=/; HttpOnly; SameSite=Strict\(secure)"]
    }
}
