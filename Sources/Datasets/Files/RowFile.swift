import Foundation

/// An uploaded dataset as every process maps it, under its hash.
///
/// Two lines of text say the format and the length of the heading, then comes the description in
/// JSON, zeros up to a page's end, and for each split its features and its targets, each from a
/// page's start, little-endian. So a worker that has fetched the file needs nothing else.
package struct RowFile: Hashable, Sendable {
    /// Where the file lies, whether it exists or not.
    package let path: String

    /// The file of the dataset of `hash` in `folder`.
    package init(folder: String, hash: ContentHash) {
        path = "\(folder)/\(hash).rows"
    }

    /// Whether the file is there.
    package var exists: Bool { FileManager.default.fileExists(atPath: path) }

    /// Writes `upload`, durably and whole or not at all; nothing where it is there already.
    package func write(_ upload: Upload) throws(DatasetError) {
        guard !exists else { return }
        let file = try AtomicFile(path: path)
        try file.write(Self.heading(of: upload.description))
        for part in upload.rows.parts {
            try file.writeSection(part.bytes)
            try file.writeSection(part.floats)
            try file.writeSection(part.labels)
            try file.writeSection(part.values)
        }
        try file.commit()
    }

    /// Maps the dataset under `name`; nil where there is no file.
    package func load(name: String) throws(DatasetError) -> Dataset? {
        guard let dataset = try Self.load(path, name: name) else { return nil }
        guard path.hasSuffix("/\(dataset.description.contentHash).rows") else {
            throw .malformed(path: path, detail: "it holds a dataset of another hash")
        }
        return dataset
    }

    /// Maps the file at any path.
    fileprivate static func load(
        _ path: String,
        name: String
    ) throws(DatasetError) -> Dataset? {
        guard let file = try MappedFile(path: path) else { return nil }
        guard let (description, start) = Self.description(in: file.bytes, name: name),
            let base = file.bytes.baseAddress
        else {
            throw .malformed(
                path: path,
                detail: "it does not begin as a decoded dataset does; delete it to have it fetched "
                    + "anew"
            )
        }
        var place = start
        func section(_ count: Int, _ stride: Int) -> UnsafeRawPointer {
            defer { place = Self.aligned(place + count * stride) }
            return base + place
        }
        let width = description.features
        var splits: [Dataset.Rows] = []
        for split in description.splits {
            let features: Dataset.Features =
                switch description.element {
                case .bytes:
                    .bytes(section(split.rows * width, 1).assumingMemoryBound(to: UInt8.self))
                case .floats:
                    .floats(section(split.rows * width, 4).assumingMemoryBound(to: Float.self))
                }
            let targets: Dataset.Targets =
                switch description.target {
                case .classes:
                    .labels(section(split.rows, 4).assumingMemoryBound(to: Int32.self))
                case .values(let count):
                    .values(section(split.rows * count, 4).assumingMemoryBound(to: Float.self))
                }
            splits.append(.init(features: features, targets: targets))
        }
        guard place == file.bytes.count else {
            throw .malformed(
                path: path,
                detail: "\(file.bytes.count) bytes where its heading needs \(place); delete it to "
                    + "have it fetched anew"
            )
        }
        return Dataset(description: description, splits: splits, memory: file)
    }

    private static func heading(of description: DatasetDescription) -> [UInt8] {
        let json = description.encoded
        // The longest first lines, and what stands between.
        let length = aligned(64 + json.count)
        var bytes = Array("lehr decoded rows 2\nheading \(length)\n".utf8) + json
        bytes += [UInt8](repeating: 0, count: length - bytes.count)
        return bytes
    }

    fileprivate static func description(
        in bytes: UnsafeRawBufferPointer,
        name: String
    ) -> (DatasetDescription, start: Int)? {
        let first = Array("lehr decoded rows 2\nheading ".utf8)
        guard bytes.starts(with: first),
            let end = bytes.dropFirst(first.count).prefix(20).firstIndex(of: 10),
            let length = Int(String(decoding: bytes[first.count..<end], as: UTF8.self)),
            length > end, length <= bytes.count
        else { return nil }
        let json = bytes[(end + 1)..<length].prefix { $0 != 0 }
        return DatasetDescription(name: name, encoded: Array(json)).map { ($0, length) }
    }

    /// The bytes of the file of `description`, whose rows begin at `start`.
    fileprivate static func size(of description: DatasetDescription, from start: Int) -> Int {
        let width = description.features * (description.element == .bytes ? 1 : 4)
        let targets = 4 * (description.classes > 0 ? 1 : description.target.outputs)
        return description.splits.reduce(start) { place, split in
            aligned(aligned(place + split.rows * width) + split.rows * targets)
        }
    }

    private static func aligned(_ offset: Int) -> Int {
        (offset + DecodedFile.page - 1) / DecodedFile.page * DecodedFile.page
    }
}

extension AtomicFile {
    /// Appends the memory of `elements` and zeros up to a page's end; nothing where there are none.
    fileprivate func writeSection<Element>(_ elements: [Element]) throws(DatasetError) {
        let size = elements.count * MemoryLayout<Element>.stride
        guard size > 0 else { return }
        let piece = 1 << 20
        for start in stride(from: 0, to: size, by: piece) {
            let bytes = elements.withUnsafeBytes { Array($0[start..<min(size, start + piece)]) }
            try write(bytes)
        }
        let rest = (DecodedFile.page - size % DecodedFile.page) % DecodedFile.page
        try write([UInt8](repeating: 0, count: rest))
    }
}

/// A row file on its way from elsewhere: it gets its name once it is whole and what its hash says.
///
/// `@unchecked`: used by one thread at a time.
package final class FileArrival: @unchecked Sendable {
    /// The most bytes of a heading.
    private static let headingLimit = 16 << 20

    private let target: RowFile
    private let file: AtomicFile
    /// What came before the heading was whole.
    private var beginning: [UInt8] = []
    private var size = 0
    /// The bytes that there will be, once the heading says so.
    private var wholeSize: Int?

    /// Begins to write the file.
    package init(_ target: RowFile) throws(DatasetError) {
        self.target = target
        file = try AtomicFile(path: target.path)
    }

    /// Appends a piece; throws `malformed` where more comes than the heading says.
    package func append(_ bytes: [UInt8]) throws(DatasetError) {
        size += bytes.count
        if wholeSize == nil {
            beginning += bytes
            let heading = beginning.withUnsafeBytes { RowFile.description(in: $0, name: "") }
            wholeSize = heading.map { RowFile.size(of: $0, from: $1) }
            if wholeSize != nil { beginning = [] }
        }
        guard size <= wholeSize ?? Self.headingLimit else {
            throw .malformed(
                path: target.path,
                detail: "it goes on past the "
                    + (wholeSize.map { "\($0) bytes of its heading" } ?? "longest heading")
            )
        }
        try file.write(bytes)
    }

    /// Gives the file its name.
    ///
    /// Throws `malformed` or `changed` where it is not the dataset called `name` of its hash.
    package func finish(name: String) throws(DatasetError) {
        guard let dataset = try RowFile.load(file.partialPath, name: name) else {
            throw .missing(path: target.path, remedy: "it was deleted while it was written")
        }
        let found = DecodedRows.contentHash(of: dataset)
        guard found == dataset.description.contentHash,
            target.path.hasSuffix("/\(found).rows")
        else {
            throw .changed(
                path: target.path,
                expected: dataset.description.contentHash,
                found: found
            )
        }
        try file.commit()
    }
}
