/// A dataset as it is read: the body of `GET /v1/datasets/{name}`.
public struct DatasetBody: Hashable, Sendable {
    /// The dataset's name.
    public var name: String
    /// What it is and where it comes from, as a sentence.
    public var summary: String
    /// The rows of each split.
    public var rows: [String: Int]
    /// The features of a row, or the height, width and channels of an image.
    public var shape: [Int]
    /// The number of classes.
    public var classes: Int
    /// The hash of the contents; `nil` until the data were first read.
    public var hash: String?
    /// Whether jobs can use it on this machine.
    public var isAvailable: Bool
    /// What to do where it is not available.
    public var remedy: String?

    /// Makes a body.
    public init(
        name: String,
        summary: String,
        rows: [String: Int],
        shape: [Int],
        classes: Int,
        hash: String?,
        isAvailable: Bool,
        remedy: String?
    ) {
        self.name = name
        self.summary = summary
        self.rows = rows
        self.shape = shape
        self.classes = classes
        self.hash = hash
        self.isAvailable = isAvailable
        self.remedy = remedy
    }
}

extension DatasetBody: JSONWritable {
    /// Writes the dataset.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("name", name)
            writer.field("summary", summary)
            writer.field("rows", rows)
            writer.field("shape", shape)
            writer.field("features", shape.reduce(1, *))
            writer.field("classes", classes)
            writer.field("hash", hash)
            writer.field("available", isAvailable)
            writer.field("remedy", remedy)
        }
    }

    /// Reads a dataset.
    public init?(_ document: Document) {
        guard let name = document["name"]?.string,
            let members = document["rows"]?.members,
            let shape = document["shape"]?.array?.compactMap(\.integer),
            let classes = document["classes"]?.integer
        else { return nil }
        var rows: [String: Int] = [:]
        for member in members { rows[member.name] = member.value.integer }
        self.init(
            name: name,
            summary: document["summary"]?.string ?? "",
            rows: rows,
            shape: shape,
            classes: classes,
            hash: document["hash"]?.string,
            isAvailable: document["available"]?.bool ?? true,
            remedy: document["remedy"]?.string
        )
    }
}
