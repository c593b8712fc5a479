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
    /// What is learnt of a row.
    public var target: DatasetFacts.Target
    /// The names of the classes, or of the values.
    public var targetNames: [String]
    /// The rows of each class in each split, by class; empty where there are no classes.
    public var balance: [String: [Int]]
    /// Whether somebody brought it, so that it can be replaced and removed.
    public var isUploaded: Bool
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
        target: DatasetFacts.Target,
        targetNames: [String],
        balance: [String: [Int]],
        isUploaded: Bool,
        hash: String?,
        isAvailable: Bool,
        remedy: String?
    ) {
        self.name = name
        self.summary = summary
        self.rows = rows
        self.shape = shape
        self.target = target
        self.targetNames = targetNames
        self.balance = balance
        self.isUploaded = isUploaded
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
            switch target {
            case .classes(let count):
                writer.field("target", "classes")
                writer.field("classes", count)
                writer.field("class_names", targetNames)
                writer.field("balance", balance)
            case .values(let count):
                writer.field("target", "values")
                writer.field("values", count)
                writer.field("value_names", targetNames)
            }
            writer.field("uploaded", isUploaded)
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
            let target = document["classes"]?.integer.map({ DatasetFacts.Target.classes($0) })
                ?? document["values"]?.integer.map({ .values($0) })
        else { return nil }
        let names = document["class_names"] ?? document["value_names"]
        var balance: [String: [Int]] = [:]
        for member in document["balance"]?.members ?? [] {
            balance[member.name] = member.value.array?.compactMap(\.integer)
        }
        var rows: [String: Int] = [:]
        for member in members { rows[member.name] = member.value.integer }
        self.init(
            name: name,
            summary: document["summary"]?.string ?? "",
            rows: rows,
            shape: shape,
            target: target,
            targetNames: names?.array?.compactMap(\.string) ?? [],
            balance: balance,
            isUploaded: document["uploaded"]?.bool ?? false,
            hash: document["hash"]?.string,
            isAvailable: document["available"]?.bool ?? true,
            remedy: document["remedy"]?.string
        )
    }
}
