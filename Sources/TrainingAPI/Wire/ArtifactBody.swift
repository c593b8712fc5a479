/// Something that a job leaves behind, as the API shows it.
public struct ArtifactBody: Hashable, Sendable {
    /// The name, by which it is fetched.
    public var name: String
    /// What it is, as a media type.
    public var mediaType: String
    /// The number of its bytes; `nil` where they are made when they are asked for.
    public var size: Int?
    /// The SHA-256 of its bytes, in hexadecimal; `nil` where they are made when they are asked for.
    public var hash: String?
    /// What is in it, as a sentence.
    public var summary: String

    /// Makes an artifact.
    public init(name: String, mediaType: String, size: Int?, hash: String?, summary: String) {
        self.name = name
        self.mediaType = mediaType
        self.size = size
        self.hash = hash
        self.summary = summary
    }
}

extension ArtifactBody: JSONWritable {
    /// Writes the artifact.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("name", name)
            writer.field("media_type", mediaType)
            writer.field("size", size)
            writer.field("hash", hash)
            writer.field("summary", summary)
        }
    }

    /// Reads an artifact.
    public init?(_ document: Document) {
        guard let name = document["name"]?.string,
            let mediaType = document["media_type"]?.string,
            let summary = document["summary"]?.string
        else { return nil }
        self.init(
            name: name,
            mediaType: mediaType,
            size: document["size"]?.integer,
            hash: document["hash"]?.string,
            summary: summary
        )
    }
}
