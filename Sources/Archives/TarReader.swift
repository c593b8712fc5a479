/// Reads the entries of a tar archive in their order.
///
/// Source: POSIX.1-2017, pax, "ustar Interchange Format" and "pax Extended Header"; GNU tar's manual, "Basic Tar
/// Format", for names of type L and K and numbers in base 256.
struct TarReader {
    private static let blockSize = 512
    /// The most bytes of a header's extension.
    private static let extensionLimit = 1 << 20

    /// Fills a buffer with the next bytes; returns fewer than fit only at the end.
    typealias Read = (UnsafeMutableRawBufferPointer) throws(ArchiveFault) -> Int

    /// What headers before an entry say of it.
    private struct Extensions {
        var path: String?
        var target: String?
        var size: Int?
    }

    private let read: Read

    /// Makes a reader of what `read` reads.
    init(_ read: @escaping Read) {
        self.read = read
    }

    /// Hands every entry to `sink`.
    func unpack(to sink: inout some ArchiveSink) throws(ArchiveFault) {
        var block = [UInt8](repeating: 0, count: Self.blockSize)
        var extensions = Extensions()
        while try fill(&block) {
            // The end is two blocks of zeros; what follows is padding.
            if block.allSatisfy({ $0 == 0 }) { return }
            let header = try Header(block)
            let size = extensions.size ?? header.size
            switch header.type {
            case "0", "\0", "7": try file(header, extensions, size, &sink)
            case "5": try begin(header, extensions, .folder, &sink)
            case "2":
                let target = extensions.target ?? header.target
                try begin(header, extensions, .link(target: target), &sink)
            case "L": extensions.path = try text(header.size)
            case "K": extensions.target = try text(header.size)
            case "x": try note(try content(header.size), in: &extensions)
            case "g": _ = try content(header.size)
            default: throw fault(header, extensions)
            }
            if !"LKxg".contains(header.type) { extensions = Extensions() }
        }
        throw ArchiveFault("the archive is truncated: a tar ends in blocks of zeros")
    }

    private func fault(_ header: Header, _ extensions: Extensions) -> ArchiveFault {
        let kinds: [Character: String] = [
            "1": "a hard link", "3": "a device", "4": "a device", "6": "a pipe",
            "S": "a sparse file",
        ]
        let kind = kinds[header.type] ?? "of a kind that is not known"
        let name = String((extensions.path ?? header.path).prefix(200))
        return ArchiveFault("\(name) in the archive is \(kind); pack files, folders and links")
    }

    private func begin(
        _ header: Header,
        _ extensions: Extensions,
        _ kind: ArchiveEntry.Kind,
        _ sink: inout some ArchiveSink
    ) throws(ArchiveFault) {
        let path = try ArchiveEntry.path(extensions.path ?? header.path)
        guard !path.isEmpty else {
            guard kind == .folder else {
                throw ArchiveFault("an entry of the archive has no name")
            }
            return
        }
        try sink.begin(ArchiveEntry(path: path, kind: kind))
        try sink.end()
    }

    private func file(
        _ header: Header,
        _ extensions: Extensions,
        _ size: Int,
        _ sink: inout some ArchiveSink
    ) throws(ArchiveFault) {
        let path = extensions.path ?? header.path
        // Old archives have folders as files whose names end in a slash.
        if path.hasSuffix("/"), size == 0 { return try begin(header, extensions, .folder, &sink) }
        let parts = try ArchiveEntry.path(path)
        guard !parts.isEmpty else { throw ArchiveFault("a file of the archive has no name") }
        let isExecutable = header.mode & 0o100 != 0
        try sink.begin(
            ArchiveEntry(path: parts, kind: .file(size: size, isExecutable: isExecutable))
        )
        try pieces(size) { piece throws(ArchiveFault) in try sink.write(piece) }
        try sink.end()
    }

    // MARK: - Bytes

    /// Fills a block; whether there was one.
    private func fill(_ block: inout [UInt8]) throws(ArchiveFault) -> Bool {
        var result: Result<Int, ArchiveFault> = .success(0)
        block.withUnsafeMutableBytes { buffer in
            result = Result { () throws(ArchiveFault) in try read(buffer) }
        }
        let count = try result.get()
        guard count == 0 || count == Self.blockSize else {
            throw ArchiveFault("the archive is truncated")
        }
        return count > 0
    }

    /// Hands on `size` bytes, and passes over what fills their last block.
    private func pieces(
        _ size: Int,
        _ take: (UnsafeRawBufferPointer) throws(ArchiveFault) -> Void
    ) throws(ArchiveFault) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 8)
        defer { buffer.deallocate() }
        var rest = size
        while rest > 0 {
            let blocks = (rest + Self.blockSize - 1) / Self.blockSize * Self.blockSize
            let room = buffer[..<min(blocks, buffer.count)]
            let piece = UnsafeMutableRawBufferPointer(rebasing: room)
            guard try read(piece) == piece.count else {
                throw ArchiveFault("the archive is truncated")
            }
            let count = min(rest, piece.count)
            try take(UnsafeRawBufferPointer(rebasing: piece[..<count]))
            rest -= count
        }
    }

    /// The content of a header's extension.
    private func content(_ size: Int) throws(ArchiveFault) -> [UInt8] {
        guard size <= Self.extensionLimit else {
            throw ArchiveFault("a header of the archive is too long")
        }
        var bytes: [UInt8] = []
        try pieces(size) { piece in bytes += piece }
        return bytes
    }

    private func text(_ size: Int) throws(ArchiveFault) -> String {
        String(decoding: try content(size).prefix { $0 != 0 }, as: UTF8.self)
    }

    /// Notes the records of a pax header: `length keyword=value` and a line's end, each.
    private func note(_ bytes: [UInt8], in extensions: inout Extensions) throws(ArchiveFault) {
        var rest = bytes[...]
        while let space = rest.firstIndex(of: UInt8(ascii: " ")) {
            guard let length = Int(String(decoding: rest[..<space], as: UTF8.self)),
                length > space - rest.startIndex + 1, length <= rest.count
            else { throw ArchiveFault("a header of the archive is damaged") }
            let record = rest[(space + 1)..<(rest.startIndex + length - 1)]
            rest = rest[(rest.startIndex + length)...]
            guard let equals = record.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let value = String(decoding: record[(equals + 1)...], as: UTF8.self)
            switch String(decoding: record[..<equals], as: UTF8.self) {
            case "path": extensions.path = value
            case "linkpath": extensions.target = value
            case "size":
                guard let size = Int(value), size >= 0 else {
                    throw ArchiveFault("a header of the archive is damaged")
                }
                extensions.size = size
            default: break
            }
        }
    }
}

extension TarReader {
    /// A header's fields.
    private struct Header {
        let path: String
        let mode: Int
        let size: Int
        let type: Character
        let target: String

        init(_ block: [UInt8]) throws(ArchiveFault) {
            let unsigned = block.enumerated().reduce(0) { sum, byte in
                // The sum's own field counts as spaces.
                sum + ((148..<156).contains(byte.offset) ? 32 : Int(byte.element))
            }
            guard let sum = Self.number(block[148..<156]), sum == unsigned,
                let mode = Self.number(block[100..<108]),
                let size = Self.number(block[124..<136]), (0...1 << 50).contains(size)
            else { throw ArchiveFault("the archive is no tar, or is damaged") }
            let isUstar = block[257..<262].elementsEqual("ustar".utf8)
            // GNU's own form has other fields in the prefix's place.
            let prefix = isUstar && block[262] == 0 ? Self.text(block[345..<500]) : ""
            let name = Self.text(block[0..<100])
            path = prefix.isEmpty ? name : "\(prefix)/\(name)"
            self.mode = mode
            self.size = size
            type = Character(UnicodeScalar(block[156]))
            target = Self.text(block[157..<257])
        }

        private static func text(_ bytes: ArraySlice<UInt8>) -> String {
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }

        /// A number in octal digits, or in base 256 where the first bit is set; nil where it is neither.
        private static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
            guard let first = bytes.first else { return nil }
            if first & 0x80 != 0 {
                guard first == 0x80, bytes.dropFirst().dropLast(7).allSatisfy({ $0 == 0 }) else {
                    return nil
                }
                return bytes.suffix(7).reduce(0) { $0 << 8 | Int($1) }
            }
            let text = String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
                .drop { $0 == " " }.prefix { $0 != " " }
            return text.isEmpty ? 0 : Int(text, radix: 8)
        }
    }
}
