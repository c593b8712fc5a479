import Archives

/// A file that somebody brought, decoded and checked; not stored yet.
package struct Upload {
    /// What the rows are; the hash is of all of it but the name.
    package let description: DatasetDescription
    /// What the file was written in.
    package let format: UploadOptions.Format
    let rows: DecodedRows

    /// Reads the file at `path`, to be known as `name`.
    ///
    /// Throws `UploadFault` for what the file says, `DatasetError` for what the system does.
    package init(name: String, path: String, options: UploadOptions) throws {
        guard let size = try MappedFile.size(ofFile: path), size > 0 else {
            throw UploadFault("the file is empty")
        }
        guard let file = try MappedFile(path: path) else {
            throw DatasetError.missing(path: path, remedy: "it was deleted while it was read")
        }
        let format = try Self.format(of: file.bytes, options)
        var rows: DecodedRows
        switch format {
        case .csv: rows = try CSVReader.read(file.bytes, options)
        case .npz: rows = try NPZReader.read(file.bytes, options)
        case .idx: rows = try IDXArchiveReader.read(file.bytes, options)
        }
        if format != .csv { try rows.cutTest(options.testFraction, seed: options.testSeed) }
        self.rows = rows
        self.format = format
        let count = rows.parts.reduce(0) { $0 + $1.rows }
        description = try rows.description(
            name: name,
            source: "\(count) rows from a file in \(format.rawValue.uppercased())"
        )
    }

    private static func format(
        of bytes: UnsafeRawBufferPointer,
        _ options: UploadOptions
    ) throws(UploadFault) -> UploadOptions.Format {
        if let format = options.format { return format }
        guard !bytes.starts(with: [0, 0]), !bytes.starts(with: [0x1F, 0x8B]) else {
            throw UploadFault(
                "this looks like one IDX or gzip file; images and labels come together in one zip: "
                    + "train-images-idx3-ubyte and train-labels-idx1-ubyte, gzipped or not"
            )
        }
        guard bytes.starts(with: Array("PK".utf8)) else { return .csv }
        let archive = try ZipArchive.open(bytes)
        return archive.entries.contains { IDXArchiveReader.isIDX($0.name) } ? .idx : .npz
    }
}
