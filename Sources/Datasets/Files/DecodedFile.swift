import Foundation

/// A dataset of bytes as every process maps it: a heading page, then for each split its features
/// and its labels, each from a page's start.
///
/// The heading is text that says all of the description but the name; a file with another heading
/// is not of this dataset or not of this format. Labels are 32-bit little-endian.
struct DecodedFile {
    /// The size of the heading and what sections are aligned to, in bytes.
    static let page = 4096

    /// Where a split's rows lie, in bytes from the file's start.
    struct Section: Hashable {
        let features: Int
        let labels: Int
    }

    let path: String
    let description: DatasetDescription
    /// The splits' places, in the description's order.
    let sections: [Section]
    /// The size of the whole file in bytes.
    let size: Int

    /// The file of the dataset `description` in `folder`, whether it exists or not.
    init(folder: String, description: DatasetDescription) {
        path =
            "\(folder)/\(description.name)-\(description.contentHash.description.prefix(16)).rows"
        self.description = description
        var offset = Self.page
        var sections: [Section] = []
        for split in description.splits {
            let labels = Self.aligned(offset + split.rows * description.features)
            sections.append(Section(features: offset, labels: labels))
            offset = Self.aligned(labels + split.rows * MemoryLayout<Int32>.stride)
        }
        self.sections = sections
        size = offset
    }

    /// Maps the dataset; nil where there is no file yet.
    func load() throws(DatasetError) -> Dataset? {
        guard let file = try MappedFile(path: path) else { return nil }
        guard file.bytes.count == size, file.bytes.prefix(Self.page).elementsEqual(heading) else {
            throw .malformed(
                path: path,
                detail: "\(file.bytes.count) bytes that do not begin as the decoded "
                    + "\(description.name) of \(size) bytes does; delete it to have it made anew"
            )
        }
        guard let start = file.bytes.baseAddress else { return nil }
        let splits = sections.map { section in
            Dataset.Rows(
                features: .bytes(
                    (start + section.features).assumingMemoryBound(to: UInt8.self)
                ),
                targets: .labels(
                    (start + section.labels).assumingMemoryBound(to: Int32.self)
                )
            )
        }
        return Dataset(description: description, splits: splits, memory: file)
    }

    /// The first page: what the file is, then zeros.
    var heading: [UInt8] {
        let text = """
            lehr decoded rows 1
            \(Self.canonicalHeading(of: description))
            sha256 \(description.contentHash)

            """
        return Array(text.utf8) + [UInt8](repeating: 0, count: Self.page - text.utf8.count)
    }

    /// What the content hash covers before the rows themselves.
    static func canonicalHeading(of description: DatasetDescription) -> String {
        let shape = description.featureShape.map(String.init).joined(separator: "x")
        let splits = description.splits.map { "\($0.name) \($0.rows)" }.joined(separator: "\n")
        return """
            \(description.content.rawValue) \(shape) classes \(description.classes)
            \(splits)
            """
    }

    private static func aligned(_ offset: Int) -> Int {
        (offset + page - 1) / page * page
    }
}
