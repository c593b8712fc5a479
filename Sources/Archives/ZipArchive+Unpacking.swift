import CZlib

extension ZipArchive {
    /// The bits of a mode that say what kind of file it is, and the kinds.
    private static let kindBits = 0o170000, linkKind = 0o120000, fileKind = 0o100000
    /// The most bytes of a link's target.
    private static let targetLimit = 4_000

    /// Hands every entry to `sink`, each checked against its checksum.
    func unpack(to sink: inout some ArchiveSink) throws(ArchiveFault) {
        for entry in entries + folders {
            let path = try ArchiveEntry.path(entry.name)
            guard !path.isEmpty else { continue }
            let kind = try kind(of: entry)
            try sink.begin(ArchiveEntry(path: path, kind: kind))
            if case .file = kind {
                try pieces(of: entry) { piece throws(ArchiveFault) in try sink.write(piece) }
            }
            try sink.end()
        }
    }

    private func kind(of entry: Entry) throws(ArchiveFault) -> ArchiveEntry.Kind {
        guard !entry.name.hasSuffix("/") else { return .folder }
        let mode = entry.mode ?? Self.fileKind
        switch mode & Self.kindBits {
        case Self.linkKind:
            guard entry.size <= Self.targetLimit else {
                throw ArchiveFault("\(entry.name) in the archive is a link with too long a target")
            }
            var target: [UInt8] = []
            try pieces(of: entry) { piece in target += piece }
            return .link(target: String(decoding: target, as: UTF8.self))
        case Self.fileKind, 0:
            return .file(size: entry.size, isExecutable: mode & 0o100 != 0)
        default:
            throw ArchiveFault("\(entry.name) in the archive is no file, folder or link")
        }
    }

    /// Hands on the content of a file piece by piece.
    private func pieces(
        of entry: Entry,
        _ take: (UnsafeRawBufferPointer) throws(ArchiveFault) -> Void
    ) throws(ArchiveFault) {
        let packed = try packedContent(of: entry)
        var checksum = crc32_z(0, nil, 0)
        var count = 0
        func hand(_ piece: UnsafeRawBufferPointer) throws(ArchiveFault) {
            checksum = crc32_z(checksum, piece.baseAddress, piece.count)
            count += piece.count
            guard count <= entry.size else {
                throw ArchiveFault("\(entry.name) in the archive is larger than it says")
            }
            try take(piece)
        }
        switch entry.method {
        case 0: try hand(packed)
        case 8:
            var inflater = try Inflater(packed, .none)
            let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 8)
            defer { buffer.deallocate() }
            while case let size = try inflater.read(into: buffer), size > 0 {
                try hand(UnsafeRawBufferPointer(rebasing: buffer[..<size]))
            }
        default: throw unknownMethod(of: entry)
        }
        guard count == entry.size, checksum == entry.checksum else {
            throw ArchiveFault("\(entry.name) in the archive is damaged: its checksum is another")
        }
    }
}
