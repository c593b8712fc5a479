import Foundation

/// An archive of files that somebody packed: a tar, gzipped, or a zip.
///
/// What is unpacked stays below the folder that it is unpacked into, whatever the archive says.
package struct Archive {
    /// What an archive is packed as.
    package enum Format: String, Hashable, Sendable {
        /// A tar in gzip.
        case tarGzip = "tar.gz"
        /// A zip.
        case zip
    }

    /// What it is packed as.
    package let format: Format
    private let data: Data
    /// The most bytes behind a tar's end; tar itself fills up 10 KiB.
    private static let paddingLimit = 1 << 20

    /// Opens the archive at `path`, which must stay as it is.
    ///
    /// - Throws: `ArchiveFault` where it cannot be read, or is neither.
    package init(path: String) throws(ArchiveFault) {
        do {
            data = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
        } catch {
            throw ArchiveFault("the archive cannot be read: \(error)", code: .place)
        }
        switch data.prefix(2) {
        case Data([0x1F, 0x8B]): format = .tarGzip
        case Data("PK".utf8): format = .zip
        default: throw ArchiveFault("it is neither a .tar.gz nor a .zip")
        }
    }

    /// Reads everything, and writes nothing.
    ///
    /// - Parameter limits: How much it may unpack to.
    /// - Returns: What it unpacks to.
    /// - Throws: `ArchiveFault`.
    package func check(_ limits: ArchiveLimits = ArchiveLimits()) throws(ArchiveFault)
        -> ArchiveContents
    {
        var sink = CountingSink(limits, NameSink())
        try read(into: &sink)
        return sink.contents
    }

    /// Unpacks into a folder; what a fault leaves behind is the caller's to remove.
    ///
    /// - Parameters:
    ///   - folder: The folder, which is there and empty.
    ///   - owner: To whom everything belongs; `nil` for this process's user.
    ///   - limits: How much it may unpack to.
    /// - Throws: `ArchiveFault`.
    package func unpack(
        into folder: String,
        owner: FileOwner? = nil,
        _ limits: ArchiveLimits = ArchiveLimits()
    ) throws(ArchiveFault) {
        var sink = CountingSink(limits, FolderSink(folder, owner: owner))
        defer { sink.next.abandon() }
        try read(into: &sink)
        try sink.next.finish()
    }

    private func read(into sink: inout some ArchiveSink) throws(ArchiveFault) {
        var result: Result<Void, ArchiveFault> = .success(())
        data.withUnsafeBytes { bytes in
            result = Result { () throws(ArchiveFault) in
                switch format {
                case .tarGzip:
                    var inflater = try Inflater(bytes, .gzip)
                    let reader = TarReader { buffer throws(ArchiveFault) in
                        try inflater.read(into: buffer)
                    }
                    try reader.unpack(to: &sink)
                    // gzip's checksum comes last.
                    try inflater.drain(upTo: Self.paddingLimit)
                case .zip: try ZipArchive(bytes).unpack(to: &sink)
                }
            }
        }
        try result.get()
    }
}
