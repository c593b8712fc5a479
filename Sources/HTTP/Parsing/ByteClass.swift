/// What RFC 9110 and RFC 9112 call the bytes of a head.
extension UInt8 {
    static let tab = UInt8(ascii: "\t")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let space = UInt8(ascii: " ")

    var isDigit: Bool { self >= 0x30 && self <= 0x39 }

    var isLetter: Bool { lowercased >= 0x61 && lowercased <= 0x7A }

    /// A blank that may stand around a field's value (OWS).
    var isBlank: Bool { self == .space || self == .tab }

    /// A byte that may stand in a method or in a field's name (tchar).
    var isToken: Bool {
        if isDigit || isLetter { return true }
        switch self {
        case 0x21, 0x23...0x27, 0x2A, 0x2B, 0x2D, 0x2E, 0x5E, 0x5F, 0x60, 0x7C, 0x7E: return true
        default: return false
        }
    }

    /// A byte that may stand in a field's value: printable, blank, or above ASCII (obs-text).
    var isFieldContent: Bool { self >= 0x20 && self != 0x7F || self == .tab }

    /// A printable byte of ASCII that is not a space, as a request target is made of.
    var isVisible: Bool { self > 0x20 && self < 0x7F }

    /// A letter of ASCII in lower case, and every other byte as it is.
    var lowercased: UInt8 { self >= 0x41 && self <= 0x5A ? self | 0x20 : self }

    /// The value of a hexadecimal digit.
    var hexadecimalValue: UInt8? {
        switch self {
        case 0x30...0x39: self - 0x30
        case 0x41...0x46: self - 0x41 + 10
        case 0x61...0x66: self - 0x61 + 10
        default: nil
        }
    }
}
