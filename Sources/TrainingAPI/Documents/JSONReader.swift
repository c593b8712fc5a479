/// A strict reader of JSON (RFC 8259) that keeps positions.
///
/// Refused with a ``DocumentError``: anything RFC 8259 does not allow, a byte order mark, UTF-8 that
/// is not well formed, lone surrogates, more than ``depthLimit`` levels, bytes after the value.
/// Collected as faults, since the text can still be read: a name that stands twice in one object, a
/// number too large for a double.
public struct JSONReader {
    /// A way from a value to one inside it.
    private enum Step {
        case name(String)
        case index(Int)
    }

    /// How many lists and objects may stand inside each other.
    public static let depthLimit = 64

    /// The faults of names and numbers that were met while reading.
    public private(set) var faults: [Fault] = []

    let bytes: ArraySlice<UInt8>
    var index: Int
    private var line: Int32 = 1
    private var lineStart: Int
    /// The names and places from the root to the value that is read.
    private var path: [Step] = []
    /// The continuation bytes since `lineStart`, so that columns count scalars.
    var continuations = 0

    private init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        index = bytes.startIndex
        lineStart = bytes.startIndex
    }

    /// Reads the one value that `bytes` hold.
    ///
    /// - Parameter bytes: The text, UTF-8.
    /// - Returns: The value, and the faults that do not keep it from being read.
    /// - Throws: `DocumentError` at the first byte that cannot be JSON.
    public static func read(
        _ bytes: ArraySlice<UInt8>
    ) throws(DocumentError) -> (document: Document, faults: [Fault]) {
        var reader = JSONReader(bytes)
        guard !bytes.starts(with: [0xEF, 0xBB, 0xBF]) else {
            throw reader.error("a byte order mark is not JSON; send plain UTF-8")
        }
        reader.skipSpace()
        let document = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.index == bytes.endIndex else {
            throw reader.error("there is more text after the end of the value")
        }
        return (document, reader.faults)
    }

    /// Reads the one value that `bytes` hold.
    public static func read(
        _ bytes: [UInt8]
    ) throws(DocumentError) -> (document: Document, faults: [Fault]) {
        try read(bytes[...])
    }

    // MARK: - Values

    private mutating func value(depth: Int) throws(DocumentError) -> Document {
        let start = position
        guard let byte = peek() else { throw error("the text ends where a value should stand") }
        switch byte {
        case UInt8(ascii: "{"):
            return try object(depth: depth + 1, start: start)
        case UInt8(ascii: "["):
            return try array(depth: depth + 1, start: start)
        case UInt8(ascii: "\""):
            return Document(.string(try string()), at: start)
        case UInt8(ascii: "t"):
            try word("true")
            return Document(.bool(true), at: start)
        case UInt8(ascii: "f"):
            try word("false")
            return Document(.bool(false), at: start)
        case UInt8(ascii: "n"):
            try word("null")
            return Document(.null, at: start)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return Document(try number(start: start), at: start)
        default:
            throw error("\(name(of: byte)) cannot begin a JSON value")
        }
    }

    private mutating func object(
        depth: Int,
        start: Document.Position
    ) throws(DocumentError) -> Document {
        try checkDepth(depth)
        index += 1
        var members: [Document.Member] = []
        // Of a few members each is compared with every other.
        var names: Set<String>?
        skipSpace()
        if take("}") { return Document(.object([]), at: start) }
        while true {
            let place = position
            guard peek() == UInt8(ascii: "\"") else {
                throw error("a name in double quotes should stand here\(found)")
            }
            let name = try string()
            skipSpace()
            guard take(":") else {
                throw error("a colon should follow the name \"\(name)\"\(found)")
            }
            skipSpace()
            path.append(.name(name))
            let value = try value(depth: depth)
            if names == nil, members.count == 16 { names = Set(members.map(\.name)) }
            if names?.insert(name).inserted ?? !members.contains(where: { $0.name == name }) {
                members.append(Document.Member(name: name, position: place, value: value))
            } else {
                report("the name \"\(name)\" stands twice in this object", .duplicate, place)
            }
            path.removeLast()
            skipSpace()
            if take("}") { return Document(.object(members), at: start) }
            guard take(",") else { throw error("a comma or } should stand here\(found)") }
            skipSpace()
        }
    }

    private mutating func array(
        depth: Int,
        start: Document.Position
    ) throws(DocumentError) -> Document {
        try checkDepth(depth)
        index += 1
        var items: [Document] = []
        skipSpace()
        if take("]") { return Document(.array([]), at: start) }
        while true {
            path.append(.index(items.count))
            items.append(try value(depth: depth))
            path.removeLast()
            skipSpace()
            if take("]") { return Document(.array(items), at: start) }
            guard take(",") else { throw error("a comma or ] should stand here\(found)") }
            skipSpace()
        }
    }

    private mutating func word(_ word: StaticString) throws(DocumentError) {
        let length = word.utf8CodeUnitCount
        let text = UnsafeBufferPointer(start: word.utf8Start, count: length)
        guard bytes[index...].starts(with: text) else {
            throw error("only true, false and null are words of JSON")
        }
        index += length
    }

    // MARK: - Bytes

    func peek() -> UInt8? {
        index < bytes.endIndex ? bytes[index] : nil
    }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard peek() == UInt8(ascii: scalar) else { return false }
        index += 1
        return true
    }

    private mutating func skipSpace() {
        while index < bytes.endIndex {
            switch bytes[index] {
            case UInt8(ascii: "\n"):
                index += 1
                line += 1
                lineStart = index
                continuations = 0
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"):
                index += 1
            default:
                return
            }
        }
    }

    // MARK: - Faults

    var position: Document.Position {
        Document.Position(
            line: line,
            column: Int32(clamping: index - lineStart - continuations + 1)
        )
    }

    func error(_ detail: String) -> DocumentError {
        DocumentError(detail: detail, position: position)
    }

    /// Notes a fault of the value that is read.
    mutating func report(
        _ detail: String,
        _ code: Fault.Code,
        _ position: Document.Position
    ) {
        let pointer = path.reduce(Pointer.root) { pointer, step in
            switch step {
            case .name(let name): pointer.appending(name)
            case .index(let index): pointer.appending(index)
            }
        }
        faults.append(
            Fault(pointer: pointer.description, detail: detail, code: code, position: position)
        )
    }

    private func checkDepth(_ depth: Int) throws(DocumentError) {
        guard depth <= Self.depthLimit else {
            throw error("lists and objects may stand at most \(Self.depthLimit) deep")
        }
    }

    private var found: String {
        peek().map { ", not \(name(of: $0))" } ?? ", and the text ends"
    }

    func name(of byte: UInt8) -> String {
        (0x21...0x7E).contains(byte)
            ? String(UnicodeScalar(byte)) : "the byte 0x" + String(byte, radix: 16)
    }
}
