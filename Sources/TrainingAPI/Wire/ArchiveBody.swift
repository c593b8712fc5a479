/// An archive of code that somebody uploaded, as the API shows it.
public struct ArchiveBody: Hashable, Sendable {
    /// The SHA-256 of its bytes, in hexadecimal, by which jobs name it.
    public var hash: String
    /// The number of its bytes.
    public var size: Int
    /// What it is packed as: `tar.gz` or `zip`.
    public var format: String
    /// How many files it unpacks to.
    public var files: Int
    /// The bytes of those files together.
    public var unpackedBytes: Int
    /// When it was uploaded, RFC 3339.
    public var createdAt: String

    /// Makes an archive.
    public init(
        hash: String,
        size: Int,
        format: String,
        files: Int,
        unpackedBytes: Int,
        createdAt: String
    ) {
        self.hash = hash
        self.size = size
        self.format = format
        self.files = files
        self.unpackedBytes = unpackedBytes
        self.createdAt = createdAt
    }
}

extension ArchiveBody: JSONWritable {
    /// Writes the archive.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("hash", hash)
            writer.field("size", size)
            writer.field("format", format)
            writer.field("files", files)
            writer.field("unpacked_bytes", unpackedBytes)
            writer.field("created_at", createdAt)
        }
    }

    /// Reads an archive.
    public init?(_ document: Document) {
        guard let hash = document["hash"]?.string, let size = document["size"]?.integer,
            let format = document["format"]?.string
        else { return nil }
        self.init(
            hash: hash,
            size: size,
            format: format,
            files: document["files"]?.integer ?? 0,
            unpackedBytes: document["unpacked_bytes"]?.integer ?? 0,
            createdAt: document["created_at"]?.string ?? ""
        )
    }
}
