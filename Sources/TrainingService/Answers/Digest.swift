internal import Crypto

/// SHA-256 in hexadecimal.
enum Digest {
    /// The digest of `bytes`.
    static func hexadecimal(of bytes: [UInt8]) -> String {
        hexadecimal(SHA256.hash(data: bytes))
    }

    /// The digits of `digest`.
    static func hexadecimal(_ digest: some Sequence<UInt8>) -> String {
        digest.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
