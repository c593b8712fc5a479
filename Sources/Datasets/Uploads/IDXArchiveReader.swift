import Archives

/// Reads an archive of IDX files named as MNIST's are.
///
/// `train-images…` and `train-labels…`, and where they are there `t10k-…` or `test-…`; each plain or
/// gzipped.
///
/// Source: LeCun, Cortes & Burges, "The MNIST database of handwritten digits", file formats.
enum IDXArchiveReader {
    private static let types: [UInt8: (name: String, width: Int)] = [
        8: ("u1", 1), 9: ("i1", 1), 11: ("i2", 2), 12: ("i4", 4), 13: ("f4", 4), 14: ("f8", 8),
    ]

    /// The rows of the archive in `bytes`.
    static func read(
        _ bytes: UnsafeRawBufferPointer,
        _ options: UploadOptions
    ) throws(UploadFault) -> DecodedRows {
        let archive = try ZipArchive.open(bytes)
        var parts: [(name: String, features: ArrayRows.Features, targets: ArrayRows.Targets)] = []
        for (name, prefixes) in [("train", ["train"]), ("test", ["t10k", "test"])] {
            let images = try entry(prefixes, "images", of: archive)
            let labels = try entry(prefixes, "labels", of: archive)
            guard let images, let labels else {
                guard images == nil, labels == nil, name == "test" else {
                    let all = archive.entries.map(\.name).joined(separator: ", ")
                    throw UploadFault(
                        "the archive must have \(prefixes[0])-images and \(prefixes[0])-labels; it "
                            + "has \(all.isEmpty ? "no file" : all)"
                    )
                }
                continue
            }
            parts.append((name, try features(images, archive), try targets(labels, archive)))
        }
        return try ArrayRows.rows(parts, target: options.target)
    }

    /// Whether a file of the archive looks like an IDX file.
    static func isIDX(_ name: String) -> Bool {
        name.contains("-images") || name.contains("-labels")
    }

    private static func entry(
        _ prefixes: [String],
        _ kind: String,
        of archive: ZipArchive
    ) throws(UploadFault) -> ZipArchive.Entry? {
        let found = archive.entries.filter { entry in
            let file = entry.name.split(separator: "/").last ?? ""
            return prefixes.contains { file.hasPrefix("\($0)-\(kind)") }
        }
        guard found.count < 2 else {
            throw UploadFault(
                "the archive has \(found[0].name) and \(found[1].name); one is enough"
            )
        }
        return found.first
    }

    private static func features(
        _ entry: ZipArchive.Entry,
        _ archive: ZipArchive
    ) throws(UploadFault) -> ArrayRows.Features {
        let (shape, type, elements) = try array(entry, archive)
        var features = ArrayRows.Features(place: entry.name, shape: shape)
        if type == 8 {
            features.bytes = elements
        } else {
            features.floats = numbers(elements, type).map { Float($0) }
        }
        return features
    }

    private static func targets(
        _ entry: ZipArchive.Entry,
        _ archive: ZipArchive
    ) throws(UploadFault) -> ArrayRows.Targets {
        let (shape, type, elements) = try array(entry, archive)
        return ArrayRows.Targets(
            place: entry.name,
            shape: shape,
            isInteger: type < 13,
            numbers: numbers(elements, type)
        )
    }

    private static func array(
        _ entry: ZipArchive.Entry,
        _ archive: ZipArchive
    ) throws(UploadFault) -> (shape: [Int], type: UInt8, elements: [UInt8]) {
        var bytes = try archive.unpacked(entry)
        if bytes.starts(with: [0x1F, 0x8B]) {
            let unpacked = bytes.withUnsafeBytes {
                Inflation.unpack($0, atMost: ZipArchive.limit, windowBits: 31)
            }
            guard let unpacked else {
                throw UploadFault("\(entry.name) cannot be unpacked: it is damaged or truncated")
            }
            bytes = unpacked
        }
        guard bytes.count >= 4, bytes[0] == 0, bytes[1] == 0, let type = types[bytes[2]] else {
            throw UploadFault("\(entry.name) is not an IDX file: it begins with \(bytes.prefix(4))")
        }
        let dimensions = Int(bytes[3])
        let start = 4 + 4 * dimensions
        guard bytes.count >= start, dimensions > 0 else {
            throw UploadFault("\(entry.name) is truncated in its heading")
        }
        let shape = (0..<dimensions).map { dimension in
            (0..<4).reduce(0) { $0 << 8 | Int(bytes[4 + 4 * dimension + $1]) }
        }
        let needed = shape.reduce(type.width) { $0.multipliedReportingOverflow(by: $1).0 }
        guard bytes.count - start == needed else {
            let end = bytes.count - start < needed ? "truncated" : "too long"
            throw UploadFault(
                "\(entry.name) is \(end): its heading says \(shape) elements of \(type.width) bytes, "
                    + "\(needed) bytes, and there are \(bytes.count - start)"
            )
        }
        return (shape, bytes[2], Array(bytes[start...]))
    }

    /// The elements, which are big-endian, as doubles.
    private static func numbers(_ elements: [UInt8], _ type: UInt8) -> [Double] {
        let width = types[type]?.width ?? 1
        return stride(from: 0, to: elements.count, by: width).map { place in
            let word = (0..<width).reduce(UInt64(0)) { $0 << 8 | UInt64(elements[place + $1]) }
            switch type {
            case 9: return Double(Int8(truncatingIfNeeded: word))
            case 11: return Double(Int16(truncatingIfNeeded: word))
            case 12: return Double(Int32(truncatingIfNeeded: word))
            case 13: return Double(Float(bitPattern: UInt32(word)))
            case 14: return Double(bitPattern: word)
            default: return Double(word)
            }
        }
    }
}
