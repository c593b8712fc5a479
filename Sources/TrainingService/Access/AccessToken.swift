internal import Crypto
internal import Foundation

/// A token as the server knows it: whose it is and what it allows, but not the token itself.
///
/// A token is 256 random bits, so that its bare SHA-256 says nothing of it: there is no word list to
/// try.
package struct AccessToken: Hashable, Sendable {
    /// Whose token it is; stands in the access log, never the token.
    package let name: String
    /// What it allows.
    package let scopes: Set<Scope>
    /// The most requests a second in the long run; nil for as many as come.
    package var requestsPerSecond: Int?
    /// SHA-256 of the token's text.
    let digest: [UInt8]

    /// Makes the record of a token.
    package init(_ secret: String, name: String, scopes: Set<Scope>) {
        self.init(name: name, scopes: scopes, digest: Self.digest(of: secret))
    }

    init(name: String, scopes: Set<Scope>, digest: [UInt8]) {
        self.name = name
        self.scopes = scopes
        self.digest = digest
    }

    /// A new token: `lehr_` and 43 characters that hold 256 random bits.
    package static func makeSecret() -> String {
        let key = SymmetricKey(size: .bits256)
        let bits = key.withUnsafeBytes { Data($0) }
        return "lehr_"
            + bits.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }

    static func digest(of secret: String) -> [UInt8] {
        Array(SHA256.hash(data: Array(secret.utf8)))
    }
}
