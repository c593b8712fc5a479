/// Puts arrays of features and targets together to rows, and checks that they fit.
struct ArrayRows {
    /// The features of one part.
    struct Features {
        var place: String
        /// [rows, …].
        var shape: [Int]
        var bytes: [UInt8] = []
        var floats: [Float] = []
    }

    /// The targets of one part.
    struct Targets {
        var place: String
        /// [rows] or [rows, values].
        var shape: [Int]
        var isInteger: Bool
        var numbers: [Double]
    }

    /// The rows of `parts`, the first of which is `train`.
    static func rows(
        _ parts: [(name: String, features: Features, targets: Targets)],
        target: UploadOptions.TargetKind
    ) throws(UploadFault) -> DecodedRows {
        guard let train = parts.first else { throw UploadFault("there are no rows to train on") }
        let (content, shape) = try rowShape(train.features)
        let isBytes = content == .images && parts.allSatisfy { $0.features.floats.isEmpty }
        let isValues: Bool =
            switch target {
            case .auto: !train.targets.isInteger || train.targets.shape.count > 1
            case .classes: false
            case .values: true
            }
        let outputs =
            isValues ? train.targets.shape.dropFirst().reduce(1, *) : try classes(train.targets)
        var rows = DecodedRows(
            content: content,
            element: isBytes ? .bytes : .floats,
            featureShape: shape,
            target: isValues ? .values(outputs) : .classes(outputs),
            targetNames: isValues
                ? (0..<outputs).map { "value \($0)" } : (0..<outputs).map(String.init),
            parts: []
        )
        for part in parts {
            guard try rowShape(part.features).shape == shape else {
                throw UploadFault(
                    "\(part.features.place) has rows of shape \(part.features.shape.dropFirst()), "
                        + "and \(train.features.place) of \(train.features.shape.dropFirst())"
                )
            }
            rows.parts.append(try self.part(part, of: rows, isBytes: isBytes))
        }
        return rows
    }

    private static func part(
        _ part: (name: String, features: Features, targets: Targets),
        of rows: DecodedRows,
        isBytes: Bool
    ) throws(UploadFault) -> DecodedRows.Part {
        let (features, targets) = (part.features, part.targets)
        let count = features.shape[0]
        guard targets.shape.first == count else {
            throw UploadFault(
                "\(features.place) has \(count) rows and \(targets.place) "
                    + "\(targets.shape.first ?? 0)"
            )
        }
        var result = DecodedRows.Part(name: part.name, rows: count)
        if isBytes {
            result.bytes = features.bytes
        } else {
            result.floats =
                features.floats.isEmpty ? features.bytes.map(Float.init) : features.floats
            if let bad = result.floats.firstIndex(where: { !$0.isFinite }) {
                let width = max(1, result.floats.count / count)
                throw UploadFault(
                    "row \(bad / width) of \(features.place) has \(result.floats[bad]) as its "
                        + "feature \(bad % width); features must be finite"
                )
            }
        }
        let width = max(1, targets.numbers.count / max(1, count))
        for (place, number) in targets.numbers.enumerated() {
            switch rows.target {
            case .values:
                guard Float(number).isFinite else {
                    throw UploadFault(
                        "row \(place / width) of \(targets.place) has \(number); values must be finite"
                    )
                }
                result.values.append(Float(number))
            case .classes(let classes):
                guard number == number.rounded(), number >= 0, number < Double(classes) else {
                    throw UploadFault(
                        "row \(place / width) of \(targets.place) has the label \(number.plain); "
                            + "labels are whole numbers from 0 to \(classes - 1)"
                    )
                }
                result.labels.append(Int32(number))
            }
        }
        guard rows.target.outputs * count == targets.numbers.count || !result.labels.isEmpty
        else {
            throw UploadFault("\(targets.place) has another number of values for a row than others")
        }
        return result
    }

    /// The number of classes of the rows to train on: one more than the largest label.
    private static func classes(_ targets: Targets) throws(UploadFault) -> Int {
        guard targets.shape.dropFirst().reduce(1, *) == 1 else {
            throw UploadFault(
                "\(targets.place) has \(targets.shape.dropFirst().reduce(1, *)) values for a row; "
                    + "a label is one number (for one-hot labels store their argmax)"
            )
        }
        var largest = 0.0
        for (row, label) in targets.numbers.enumerated() {
            guard label == label.rounded(), label >= 0, label < 65_536 else {
                throw UploadFault(
                    "row \(row) of \(targets.place) has the label \(label.plain); labels are whole "
                        + "numbers from 0 to 65535"
                )
            }
            largest = max(largest, label)
        }
        return Int(largest) + 1
    }

    /// What a part's rows are: [columns] for a table, [height, width, channels] for images.
    private static func rowShape(
        _ features: Features
    ) throws(UploadFault) -> (content: DatasetDescription.Content, shape: [Int]) {
        guard features.shape.allSatisfy({ $0 > 0 }) else {
            throw UploadFault("\(features.place) is empty: its shape is \(features.shape)")
        }
        let shape = Array(features.shape.dropFirst())
        switch shape.count {
        case 0: return (.table, [1])
        case 1: return (.table, shape)
        case 2: return (.images, shape + [1])
        case 3:
            guard shape[2] <= 4 || shape[0] > 4 else {
                throw UploadFault(
                    "\(features.place) has the shape \(features.shape): images are [rows, height, "
                        + "width, channels]; move the channels to the end"
                )
            }
            return (.images, shape)
        default:
            throw UploadFault(
                "\(features.place) has the shape \(features.shape); tables are [rows, columns], "
                    + "images [rows, height, width] or [rows, height, width, channels]"
            )
        }
    }
}

extension Double {
    /// The number without a fraction of zero.
    fileprivate var plain: String {
        Int64(exactly: self).map(String.init) ?? String(self)
    }
}
