package import Foundation

/// The identifier of a job: a UUID of version 7, whose order is the order of creation.
///
/// From the highest bit: 48 bits of milliseconds since 1970, the version 7, 12 bits that count the
/// 4,096ths of that millisecond, the variant 2, and 62 random bits. Source: RFC 9562, section 5.7,
/// with the sub-millisecond fraction of section 6.2, method 3.
package struct JobID: Hashable, Sendable {
    /// The UUID as one number, its first byte highest.
    package let bits: UInt128

    /// The identifier of an instant and a random number, of which the lowest 62 bits are used.
    ///
    /// - Parameters:
    ///   - instant: The instant of creation, between 1970 and the year 10889.
    ///   - random: Fresh random bits, so that two jobs of one instant differ.
    package init(at instant: Date, random: UInt64) {
        let fractions = UInt64(max(0, instant.timeIntervalSince1970) * 4_096_000)
        let milliseconds = (fractions >> 12) & 0xffff_ffff_ffff
        let high = milliseconds << 16 | 0x7000 | fractions & 0xfff
        let low = 0x8000_0000_0000_0000 | random & 0x3fff_ffff_ffff_ffff
        bits = UInt128(high) << 64 | UInt128(low)
    }

    /// An identifier that was stored as its 128 bits.
    package init(bits: UInt128) {
        self.bits = bits
    }

    /// The identifier that a text spells, in the 8-4-4-4-12 form of RFC 9562; either case.
    ///
    /// - Parameter text: What somebody typed; nil comes back for all but a whole UUID.
    package init?(_ text: some StringProtocol) {
        let bytes = Array(text.utf8)
        let dashes = [8, 13, 18, 23]
        guard bytes.count == 36, dashes.allSatisfy({ bytes[$0] == UInt8(ascii: "-") }) else {
            return nil
        }
        let digits = bytes.indices.filter { !dashes.contains($0) }.map { bytes[$0] }
        guard let bits = UInt128(hexadecimal: digits) else { return nil }
        self.bits = bits
    }

    /// A new identifier, with bits of the system's generator.
    package static func random(at instant: Date) -> JobID {
        JobID(at: instant, random: .random(in: 0 ... .max))
    }
}

extension JobID: Comparable {
    package static func < (left: JobID, right: JobID) -> Bool {
        left.bits < right.bits
    }
}

extension JobID: CustomStringConvertible {
    /// The UUID in lower case, as paths and bodies show it.
    package var description: String {
        var digits = bits.hexadecimalDigits
        for dash in [8, 13, 18, 23] {
            digits.insert(UInt8(ascii: "-"), at: dash)
        }
        return String(decoding: digits, as: UTF8.self)
    }
}
