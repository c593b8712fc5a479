import CZlib

/// The files of a zip archive that lies in memory, stored or deflated.
///
/// Source: PKWARE, "APPNOTE.TXT", sections 4.3.7, 4.3.12, 4.3.16 and, for zip64, 4.5.3.
package struct ZipArchive {
    /// A file of the archive.
    package struct Entry {
        /// Its path in the archive.
        package let name: String
        let method: Int
        let packedSize: Int
        /// Its bytes, unpacked.
        package let size: Int
        let checksum: UInt32
        let offset: Int
        /// The mode that a Unix system gave it; nil for others.
        let mode: Int?
    }

    /// The files, in the order of the archive's directory; folders are left out.
    package let entries: [Entry]
    /// The folders that it names.
    let folders: [Entry]
    private let bytes: UnsafeRawBufferPointer
    /// The most bytes that the files may have together, unpacked.
    package static let limit = 16 << 30

    /// Reads the directory of the archive in `bytes`, which must outlive this value.
    ///
    /// - Throws: `ArchiveFault`.
    package init(_ bytes: UnsafeRawBufferPointer) throws(ArchiveFault) {
        self.bytes = bytes
        let last = bytes.count - 22
        guard last >= 0 else { throw ArchiveFault("the archive is truncated") }
        let first = max(0, last - 65_535)
        guard
            let end = stride(from: last, through: first, by: -1).first(where: {
                bytes.number(at: $0, 4) == 0x0605_4B50
            })
        else { throw ArchiveFault("the archive is truncated: its directory has no end") }
        var count = bytes.number(at: end + 10, 2) ?? 0
        var place = bytes.number(at: end + 16, 4) ?? 0
        if place == 0xFFFF_FFFF || count == 0xFFFF {
            guard let record = bytes.number(at: end - 12, 8),
                bytes.number(at: record, 4) == 0x0606_4B50,
                let entries = bytes.number(at: record + 32, 8),
                let start = bytes.number(at: record + 48, 8)
            else { throw ArchiveFault("the archive's zip64 directory cannot be read") }
            (count, place) = (entries, start)
        }
        var entries: [Entry] = []
        var folders: [Entry] = []
        var total = 0
        for _ in 0..<count {
            let (entry, length) = try Self.entry(of: bytes, at: place)
            place += length
            total += entry.size
            guard total <= Self.limit else {
                throw ArchiveFault("the archive unpacks to more than \(Self.limit) bytes")
            }
            if entry.name.hasSuffix("/") {
                folders.append(entry)
            } else {
                entries.append(entry)
            }
        }
        self.entries = entries
        self.folders = folders
    }

    private static func entry(
        of bytes: UnsafeRawBufferPointer,
        at place: Int
    ) throws(ArchiveFault) -> (Entry, length: Int) {
        guard bytes.number(at: place, 4) == 0x0201_4B50,
            let maker = bytes.number(at: place + 5, 1), let flags = bytes.number(at: place + 8, 2),
            let method = bytes.number(at: place + 10, 2),
            let checksum = bytes.number(at: place + 16, 4),
            var packed = bytes.number(at: place + 20, 4),
            var size = bytes.number(at: place + 24, 4),
            let nameLength = bytes.number(at: place + 28, 2),
            let extraLength = bytes.number(at: place + 30, 2),
            let commentLength = bytes.number(at: place + 32, 2),
            let attributes = bytes.number(at: place + 38, 4),
            var offset = bytes.number(at: place + 42, 4),
            place + 46 + nameLength + extraLength <= bytes.count
        else { throw ArchiveFault("the archive's directory is damaged") }
        let name = String(decoding: bytes[place + 46..<place + 46 + nameLength], as: UTF8.self)
        guard flags & 1 == 0 else { throw ArchiveFault("\(name) in the archive is encrypted") }
        var extra = place + 46 + nameLength
        let extraEnd = extra + extraLength
        while extra + 4 <= extraEnd, let id = bytes.number(at: extra, 2),
            let length = bytes.number(at: extra + 2, 2)
        {
            if id == 1 {
                var field = extra + 4
                func wide(_ value: inout Int) {
                    guard value == 0xFFFF_FFFF, let number = bytes.number(at: field, 8) else {
                        return
                    }
                    value = number
                    field += 8
                }
                wide(&size)
                wide(&packed)
                wide(&offset)
            }
            extra += 4 + length
        }
        let entry = Entry(
            name: name,
            method: method,
            packedSize: packed,
            size: size,
            checksum: UInt32(checksum),
            offset: offset,
            mode: maker == 3 ? attributes >> 16 : nil
        )
        return (entry, 46 + nameLength + extraLength + commentLength)
    }

    /// The bytes of a file as they lie in the archive.
    func packedContent(of entry: Entry) throws(ArchiveFault) -> UnsafeRawBufferPointer {
        guard bytes.number(at: entry.offset, 4) == 0x0403_4B50,
            let nameLength = bytes.number(at: entry.offset + 26, 2),
            let extraLength = bytes.number(at: entry.offset + 28, 2)
        else { throw ArchiveFault("\(entry.name) in the archive is damaged") }
        let start = entry.offset + 30 + nameLength + extraLength
        guard start <= bytes.count, entry.packedSize <= bytes.count - start else {
            throw ArchiveFault("\(entry.name) in the archive is truncated")
        }
        return UnsafeRawBufferPointer(rebasing: bytes[start..<start + entry.packedSize])
    }

    /// That a file is packed in a way that is not read.
    func unknownMethod(of entry: Entry) -> ArchiveFault {
        ArchiveFault(
            "\(entry.name) in the archive is packed by method \(entry.method); stored and "
                + "deflated files are read"
        )
    }

    /// The content of a file, unpacked and checked against its checksum.
    ///
    /// - Throws: `ArchiveFault`.
    package func content(of entry: Entry) throws(ArchiveFault) -> [UInt8] {
        let packed = try packedContent(of: entry)
        let content: [UInt8]
        switch entry.method {
        case 0: content = Array(packed)
        case 8:
            // Deflate packs at most about 1,032 to 1: a size beyond that is a lie.
            guard entry.size <= 1_040 * (packed.count + 1),
                let unpacked = Inflation.unpack(packed, size: entry.size, windowBits: -15)
            else { throw ArchiveFault("\(entry.name) in the archive cannot be unpacked") }
            content = unpacked
        default: throw unknownMethod(of: entry)
        }
        let checksum = content.withUnsafeBytes { crc32_z(0, $0.baseAddress, $0.count) }
        guard content.count == entry.size, checksum == entry.checksum else {
            throw ArchiveFault("\(entry.name) in the archive is damaged: its checksum is another")
        }
        return content
    }
}

extension UnsafeRawBufferPointer {
    /// A little-endian number of `size` bytes; nil past the end or beyond 2⁶³.
    package func number(at place: Int, _ size: Int) -> Int? {
        guard place >= 0, place <= count - size else { return nil }
        let value = (0..<size).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64(self[place + $1]) }
        return Int(exactly: value)
    }
}
