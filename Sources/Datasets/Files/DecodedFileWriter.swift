import Crypto

/// Writes a `DecodedFile` from front to back and checks what it wrote against the content hash.
final class DecodedFileWriter {
    private let target: DecodedFile
    private let file: AtomicFile
    private var hash = SHA256()
    private var size = 0

    /// Begins `target` with its heading.
    init(_ target: DecodedFile) throws(DatasetError) {
        self.target = target
        file = try AtomicFile(path: target.path)
        hash.update(data: Array(DecodedFile.canonicalHeading(of: target.description).utf8))
        try append(target.heading, isContent: false)
    }

    /// Appends the next bytes of the section being written.
    func append(_ bytes: [UInt8]) throws(DatasetError) {
        try append(bytes, isContent: true)
    }

    /// Appends labels, little-endian.
    func append(labels: [Int32]) throws(DatasetError) {
        try append(
            labels.flatMap { label in
                withUnsafeBytes(of: label.littleEndian) { Array($0) }
            }
        )
    }

    /// Ends a section: fills its last page with zeros.
    func endSection() throws(DatasetError) {
        let rest = (DecodedFile.page - size % DecodedFile.page) % DecodedFile.page
        try append([UInt8](repeating: 0, count: rest), isContent: false)
    }

    /// Gives the file its name once its content is what the description says.
    ///
    /// `source` is where the rows were read from, for the error.
    func finish(source: String) throws(DatasetError) {
        let found = ContentHash(hash.finalize())
        guard found == target.description.contentHash else {
            throw .changed(
                path: source,
                expected: target.description.contentHash,
                found: found
            )
        }
        try file.commit()
    }

    private func append(_ bytes: [UInt8], isContent: Bool) throws(DatasetError) {
        if isContent { hash.update(data: bytes) }
        try file.write(bytes)
        size += bytes.count
    }
}
