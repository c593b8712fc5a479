import Crypto

/// The rows of a file that somebody brought, decoded and checked, before they have a name.
struct DecodedRows {
    /// One part's rows.
    struct Part {
        var name: String
        var rows: Int
        /// [rows, features], row-major; one of the two is empty.
        var bytes: [UInt8] = []
        var floats: [Float] = []
        /// [rows], each a class, or [rows, values]; one of the two is empty.
        var labels: [Int32] = []
        var values: [Float] = []
    }

    var content: DatasetDescription.Content
    var element: DatasetDescription.Element
    var featureShape: [Int]
    var target: DatasetDescription.Target
    var targetNames: [String]
    var parts: [Part]

    /// Describes the rows under `name`; refuses what cannot be learnt from.
    func description(name: String, source: String) throws(UploadFault) -> DatasetDescription {
        guard let train = parts.first, train.rows > 0 else {
            throw UploadFault("there are no rows to train on")
        }
        var splits: [DatasetDescription.Split] = []
        for part in parts {
            guard case .classes(let classes) = target else {
                splits.append(.init(name: part.name, rows: part.rows))
                continue
            }
            var counts = [Int](repeating: 0, count: classes)
            for label in part.labels { counts[Int(label)] += 1 }
            splits.append(.init(name: part.name, classCounts: counts))
        }
        if case .classes = target, let counts = splits.first?.classCounts,
            counts.count(where: { $0 > 0 }) < 2
        {
            let only = counts.firstIndex { $0 > 0 }.map { targetNames[$0] } ?? ""
            throw UploadFault(
                "every row to train on has the label \(only); two classes are needed at least"
            )
        }
        return DatasetDescription(
            name: name,
            source: source,
            content: content,
            element: element,
            featureShape: featureShape,
            target: target,
            targetNames: targetNames,
            splits: splits,
            contentHash: contentHash
        )
    }

    /// The hash of everything but the name.
    private var contentHash: ContentHash {
        var hash = SHA256()
        let heading = Self.canonicalHeading(
            content: content,
            element: element,
            shape: featureShape,
            target: target,
            targetNames: targetNames,
            splits: parts.map { ($0.name, $0.rows) }
        )
        hash.update(data: Array(heading.utf8))
        for part in parts {
            part.bytes.withUnsafeBytes { hash.update(bufferPointer: $0) }
            part.floats.withUnsafeBytes { hash.update(bufferPointer: $0) }
            part.labels.withUnsafeBytes { hash.update(bufferPointer: $0) }
            part.values.withUnsafeBytes { hash.update(bufferPointer: $0) }
        }
        return ContentHash(hash.finalize())
    }

    /// The hash of a dataset that somebody brought, computed anew from its rows.
    static func contentHash(of dataset: Dataset) -> ContentHash {
        let description = dataset.description
        var hash = SHA256()
        let heading = canonicalHeading(
            content: description.content,
            element: description.element,
            shape: description.featureShape,
            target: description.target,
            targetNames: description.targetNames,
            splits: description.splits.map { ($0.name, $0.rows) }
        )
        hash.update(data: Array(heading.utf8))
        for (split, rows) in zip(description.splits, dataset.splits) {
            let features = split.rows * description.features
            switch rows.features {
            case .bytes(let bytes):
                hash.update(bufferPointer: UnsafeRawBufferPointer(start: bytes, count: features))
            case .floats(let floats):
                hash.update(
                    bufferPointer: UnsafeRawBufferPointer(start: floats, count: 4 * features)
                )
            }
            switch rows.targets {
            case .labels(let labels):
                hash.update(
                    bufferPointer: UnsafeRawBufferPointer(start: labels, count: 4 * split.rows)
                )
            case .values(let values):
                let count = 4 * split.rows * description.target.outputs
                hash.update(bufferPointer: UnsafeRawBufferPointer(start: values, count: count))
            }
        }
        return ContentHash(hash.finalize())
    }

    /// What a hash covers before the rows; texts are quoted, so that none can be taken for another.
    private static func canonicalHeading(
        content: DatasetDescription.Content,
        element: DatasetDescription.Element,
        shape: [Int],
        target: DatasetDescription.Target,
        targetNames: [String],
        splits: [(name: String, rows: Int)]
    ) -> String {
        let shape = shape.map(String.init).joined(separator: "x")
        let learnt: String =
            switch target {
            case .classes(let count): "classes \(count)"
            case .values(let count): "values \(count)"
            }
        let names = targetNames.map { "\($0.utf8.count):\($0)" }.joined(separator: " ")
        let parts = splits.map { "\($0.name) \($0.rows)" }.joined(separator: " ")
        return "lehr rows 2 \(content.rawValue) \(element.rawValue) \(shape) \(learnt) \(names) "
            + parts
    }
}

extension DecodedRows {
    /// Cuts a split `test` out of the only part.
    mutating func cutTest(_ fraction: Double, seed: UInt64) throws(UploadFault) {
        guard fraction > 0 else { return }
        guard parts.count == 1 else {
            let names = parts.map(\.name).joined(separator: ", ")
            throw UploadFault("test_fraction cannot be given with a file that has parts: \(names)")
        }
        let whole = parts[0]
        let wanted = Int((Double(whole.rows) * fraction + 0.5).rounded(.down))
        guard wanted > 0, wanted < whole.rows else {
            throw UploadFault(
                "test_fraction \(fraction) of \(whole.rows) rows leaves \(wanted) to test on and "
                    + "\(whole.rows - wanted) to train on; both must be at least 1"
            )
        }
        var groups = [[UInt32]](repeating: [], count: max(1, targetNames.count))
        for row in 0..<whole.rows {
            groups[whole.labels.isEmpty ? 0 : Int(whole.labels[row])].append(UInt32(row))
        }
        let quotas = DataPartition.shares(of: wanted, among: groups.map(\.count))
        var isTest = [Bool](repeating: false, count: whole.rows)
        for (index, quota) in quotas.enumerated() {
            RandomStream(seed: seed, purpose: .testSplit, layer: index)
                .shuffle(&groups[index], step: 0)
            for row in groups[index].prefix(quota) { isTest[Int(row)] = true }
        }
        let order = 0..<whole.rows
        parts = [
            whole.rows(order.filter { !isTest[$0] }, name: "train"),
            whole.rows(order.filter { isTest[$0] }, name: "test"),
        ]
    }
}

extension DecodedRows.Part {
    /// Some of the rows, as a part of their own.
    func rows(_ chosen: [Int], name: String) -> Self {
        func pick<Element>(_ values: [Element]) -> [Element] {
            let width = rows == 0 ? 0 : values.count / rows
            return chosen.flatMap { values[$0 * width..<($0 + 1) * width] }
        }
        return Self(
            name: name,
            rows: chosen.count,
            bytes: pick(bytes),
            floats: pick(floats),
            labels: pick(labels),
            values: pick(values)
        )
    }
}
