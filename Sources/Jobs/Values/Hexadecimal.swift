extension UInt128 {
    /// The number that exactly 32 hexadecimal digits of either case spell.
    init?(hexadecimal digits: some Collection<UInt8>) {
        guard digits.count == 32 else { return nil }
        var value: UInt128 = 0
        for digit in digits {
            guard let nibble = Character(UnicodeScalar(digit)).hexDigitValue else { return nil }
            value = value << 4 | UInt128(nibble)
        }
        self = value
    }

    /// The number as 32 lower-case ASCII digits, the highest first.
    var hexadecimalDigits: [UInt8] {
        stride(from: 124, through: 0, by: -4).map { shift in
            let nibble = UInt8(truncatingIfNeeded: self >> UInt128(shift)) & 0xf
            return nibble < 10 ? UInt8(ascii: "0") + nibble : UInt8(ascii: "a") + nibble - 10
        }
    }
}
