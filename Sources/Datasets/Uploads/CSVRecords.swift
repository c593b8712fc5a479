/// The records of comma-separated text, one at a time.
///
/// Fields may be quoted, and then hold delimiters, line breaks and doubled quotes; lines end in LF
/// or CR LF; blank lines and a byte order mark are passed over.
///
/// Source: RFC 4180.
struct CSVRecords {
    /// A field without its quotes.
    struct Field: Equatable {
        var text: String
        var isQuoted: Bool
    }

    /// The line that the last record began in, 1-based.
    private(set) var line = 0

    private let bytes: UnsafeRawBufferPointer
    private let delimiter: UInt8
    private var position = 0
    private var nextLine = 1

    init(_ bytes: UnsafeRawBufferPointer, delimiter: UInt8) {
        self.bytes = bytes
        self.delimiter = delimiter
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { position = 3 }
    }

    /// Reads the next record; nil at the end of the text.
    mutating func next() throws(UploadFault) -> [Field]? {
        skipBlankLines()
        guard position < bytes.count else { return nil }
        line = nextLine
        var fields: [Field] = []
        while true {
            fields.append(try field(fields.count))
            guard position < bytes.count else { return fields }
            if bytes[position] == delimiter {
                position += 1
                continue
            }
            endLine()
            return fields
        }
    }

    private mutating func skipBlankLines() {
        while position < bytes.count, isLineEnd(position) { endLine() }
    }

    private func isLineEnd(_ place: Int) -> Bool {
        bytes[place] == 10
            || bytes[place] == 13 && place + 1 < bytes.count && bytes[place + 1] == 10
            || bytes[place] == 13 && place + 1 == bytes.count
    }

    private mutating func endLine() {
        position += bytes[position] == 13 && position + 1 < bytes.count ? 2 : 1
        nextLine += 1
    }

    private mutating func field(_ index: Int) throws(UploadFault) -> Field {
        guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
            let start = position
            while position < bytes.count, bytes[position] != delimiter, !isLineEnd(position) {
                position += 1
            }
            return Field(text: try text(bytes[start..<position], index), isQuoted: false)
        }
        position += 1
        var content: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if byte == 10 { nextLine += 1 }
            guard byte == UInt8(ascii: "\"") else {
                content.append(byte)
                continue
            }
            if position < bytes.count, bytes[position] == UInt8(ascii: "\"") {
                content.append(byte)
                position += 1
                continue
            }
            guard position == bytes.count || bytes[position] == delimiter || isLineEnd(position)
            else {
                throw fault(index, "there is text behind the closing quote of a field")
            }
            return Field(text: try text(content, index), isQuoted: true)
        }
        throw fault(index, "a quoted field is not closed")
    }

    private func text(
        _ content: some Collection<UInt8>,
        _ index: Int
    ) throws(UploadFault) -> String {
        guard let text = String(validating: content, as: UTF8.self) else {
            throw fault(index, "the text is not UTF-8")
        }
        return text
    }

    private func fault(_ index: Int, _ detail: String) -> UploadFault {
        UploadFault("line \(line), column \(index + 1): \(detail)")
    }
}
