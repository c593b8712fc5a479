/// The secret of one lease: 128 random bits, written as 32 lower-case hexadecimal digits.
///
/// It makes a relaxed lease harmless: after a power failure a fence may be granted a second time,
/// but never with the same lease id.
package struct LeaseID: Hashable, Sendable, CustomStringConvertible {
    /// The random bits as one number.
    package let bits: UInt128

    /// A lease id of given bits: from storage, or from a generator with a seed.
    package init(bits: UInt128) {
        self.bits = bits
    }

    /// The lease id that 32 hexadecimal digits of either case spell; nil for anything else.
    package init?(_ text: some StringProtocol) {
        guard let bits = UInt128(hexadecimal: Array(text.utf8)) else { return nil }
        self.bits = bits
    }

    /// A new lease id, with bits of the system's generator.
    package static func random() -> LeaseID {
        LeaseID(bits: .random(in: 0 ... .max))
    }

    /// The 32 lower-case digits.
    package var description: String {
        String(decoding: bits.hexadecimalDigits, as: UTF8.self)
    }
}
