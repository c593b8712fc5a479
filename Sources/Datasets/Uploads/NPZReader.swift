import Archives

/// Reads an archive of numpy arrays.
///
/// Features are the array `x`, targets the array `y`, or as many of them as there are parts:
/// `x_train`, `y_train`, `x_test`, `y_test`, `x_validation`, `y_validation`. `X`, `features`,
/// `data` and `images` stand for x, `labels`, `targets` and `target` for y, `val` for validation,
/// in either order (`train_images`).
enum NPZReader {
    /// The rows of the archive in `bytes`.
    static func read(
        _ bytes: UnsafeRawBufferPointer,
        _ options: UploadOptions
    ) throws(UploadFault) -> DecodedRows {
        let archive = try ZipArchive.open(bytes)
        var found: [String: [Bool: ZipArchive.Entry]] = [:]
        for entry in archive.entries {
            guard let (part, isFeatures) = role(of: entry.name) else { continue }
            guard found[part]?[isFeatures] == nil else {
                throw UploadFault(
                    "the archive has two arrays for one thing: \(entry.name) and "
                        + "\(found[part]?[isFeatures]?.name ?? "")"
                )
            }
            found[part, default: [:]][isFeatures] = entry
        }
        let names = ["train", "validation", "test"].filter { found[$0] != nil }
        guard names.first == "train" else {
            let all = archive.entries.map(\.name).joined(separator: ", ")
            throw UploadFault(
                "the archive has no arrays x and y (or x_train and y_train); it has "
                    + (all.isEmpty ? "none at all" : all)
            )
        }
        var parts: [(name: String, features: ArrayRows.Features, targets: ArrayRows.Targets)] = []
        for name in names {
            guard let features = found[name]?[true], let targets = found[name]?[false] else {
                let has = found[name]?.values.first?.name ?? ""
                throw UploadFault("the archive has \(has) without what belongs to it")
            }
            parts.append(
                (name, try self.features(features, archive), try self.targets(targets, archive))
            )
        }
        return try ArrayRows.rows(parts, target: options.target)
    }

    /// Which part an array is of, and whether it holds features.
    static func role(of entry: String) -> (part: String, isFeatures: Bool)? {
        let file = entry.split(separator: "/").last ?? ""
        guard file.hasSuffix(".npy") else { return nil }
        var words = file.dropLast(4).lowercased().split { "_-. ".contains($0) }
        var part = "train"
        if let place = words.firstIndex(where: {
            ["train", "test", "val", "validation"].contains($0)
        }) {
            part = words[place] == "val" ? "validation" : String(words[place])
            words.remove(at: place)
        }
        guard words.count == 1 else { return nil }
        switch words[0] {
        case "x", "features", "data", "images": return (part, true)
        case "y", "labels", "label", "targets", "target": return (part, false)
        default: return nil
        }
    }

    private static func features(
        _ entry: ZipArchive.Entry,
        _ archive: ZipArchive
    ) throws(UploadFault) -> ArrayRows.Features {
        let array = try NumpyArray(archive.unpacked(entry), name: entry.name)
        guard !array.shape.isEmpty else { throw UploadFault("the array \(array.name) has no rows") }
        var features = ArrayRows.Features(place: array.name, shape: array.shape)
        if array.isBytes {
            features.bytes = array.byteElements
        } else {
            features.floats = array.doubles.map { Float($0) }
        }
        return features
    }

    private static func targets(
        _ entry: ZipArchive.Entry,
        _ archive: ZipArchive
    ) throws(UploadFault) -> ArrayRows.Targets {
        let array = try NumpyArray(archive.unpacked(entry), name: entry.name)
        // A column of labels is as good as a row of them.
        let isColumn = array.shape.count == 2 && array.shape[1] == 1
        return ArrayRows.Targets(
            place: array.name,
            shape: isColumn ? [array.shape[0]] : array.shape,
            isInteger: array.isInteger,
            numbers: array.doubles
        )
    }
}
