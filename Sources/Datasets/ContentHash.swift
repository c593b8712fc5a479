import Crypto
import Foundation

/// What a dataset's bytes are known by: a SHA-256.
///
/// Of stored data, over its canonical heading and then each split's features and labels as they
/// lie in memory on a little-endian machine; of synthetic data, over what it is made from.
package struct ContentHash: Hashable, Sendable, CustomStringConvertible {
    /// 64 lowercase hexadecimal digits.
    package let description: String
    /// The hash's first eight bytes, big-endian: what random splits are counted by.
    let prefix: UInt64

    /// Takes a finished digest.
    init(_ digest: SHA256Digest) {
        description = digest.map { byte in
            String(UInt32(byte) | 0x100, radix: 16).dropFirst()
        }.joined()
        prefix = digest.prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// Hashes a text's UTF-8.
    init(of text: String) {
        self.init(SHA256.hash(data: Data(text.utf8)))
    }

    /// Reads 64 lowercase hexadecimal digits; nil where the text is something else.
    package init?(_ digits: String) {
        let isHexadecimal = digits.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte)
        }
        guard digits.utf8.count == 64, isHexadecimal,
            let prefix = UInt64(digits.prefix(16), radix: 16)
        else { return nil }
        description = digits
        self.prefix = prefix
    }

    /// Takes 64 lowercase hexadecimal digits.
    init(digits: StaticString) {
        description = digits.description
        let digits = description.prefix(16)
        guard description.utf8.count == 64, let prefix = UInt64(digits, radix: 16) else {
            preconditionFailure("a SHA-256 has 64 hexadecimal digits, got \(description)")
        }
        self.prefix = prefix
    }
}
