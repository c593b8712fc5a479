/// One run of a server process: 128 random bits, made anew at each start.
///
/// The leases of local workers carry it, so that the next start on the same data knows which of
/// them died with the server.
package struct ServerID: Hashable, Sendable, CustomStringConvertible {
    /// The random bits as one number.
    package let bits: UInt128

    /// A server id of given bits, from storage.
    package init(bits: UInt128) {
        self.bits = bits
    }

    /// A new server id, with bits of the system's generator.
    package static func random() -> ServerID {
        ServerID(bits: .random(in: 0 ... .max))
    }

    /// The bits as 32 lower-case hexadecimal digits.
    package var description: String {
        String(decoding: bits.hexadecimalDigits, as: UTF8.self)
    }
}
