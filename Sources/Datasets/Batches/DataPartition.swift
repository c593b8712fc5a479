/// Which rows a job trains on, validates on and tests on.
///
/// A function of the dataset's content hash and the split's seed alone, so that jobs with different
/// seeds are compared on the same rows.
package struct DataPartition: Hashable, Sendable {
    /// What is set aside to validate on.
    package enum Validation: Hashable, Sendable {
        /// A fraction of the training rows in (0, 1), rounded half up to whole rows.
        ///
        /// Stratified, each class gives its share, rounded so that the sum stays the same: the
        /// largest remainders first, the lower class where they tie. Values have no classes: of
        /// them all rows are drawn alike.
        case fraction(Double, stratified: Bool, seed: UInt64)
        /// One of the dataset's own splits other than `train` and `test`.
        case split(String)
        /// Nothing.
        case none
    }

    /// How many rows each part has.
    package struct Counts: Hashable, Sendable {
        /// The rows to train on; at least 1.
        package let training: Int
        /// The rows to validate on; 0 only where none were asked for.
        package let validation: Int
        /// The rows of the split `test`; 0 where there is none.
        package let test: Int
    }

    /// Some rows of one split.
    package struct Part: Hashable, Sendable {
        /// The split's place in the description.
        package let split: Int
        /// The rows' places in the split, ascending.
        package let rows: [UInt32]
    }

    /// The rows to train on.
    package let training: Part
    /// The rows to validate on; nil where none were asked for.
    package let validation: Part?
    /// The rows of the split `test`; nil where there are none.
    package let test: Part?

    /// Parts the rows of `dataset`.
    package init(_ dataset: Dataset, validation: Validation) throws(DatasetError) {
        let description = dataset.description
        let counts = try Self.counts(of: description, validation: validation)
        test = description.split(named: "test").flatMap {
            $0.split.rows > 0 ? Part(split: $0.index, rows: $0.split.rows) : nil
        }
        let all = Part(split: 0, rows: description.splits[0].rows)
        switch validation {
        case .none:
            training = all
            self.validation = nil
        case .split(let name):
            training = all
            self.validation = description.split(named: name).map {
                Part(split: $0.index, rows: $0.split.rows)
            }
        case .fraction(_, let stratified, let seed):
            let groups =
                stratified
                ? dataset.rowsByClass(ofSplit: 0) : [all.rows]
            let quotas = Self.shares(of: counts.validation, among: groups.map(\.count))
            var drawn: [UInt32] = []
            for (index, (group, quota)) in zip(groups, quotas).enumerated() {
                var group = group
                RandomStream(seed: seed, purpose: .split, layer: index)
                    .shuffle(&group, step: description.contentHash.prefix)
                drawn += group.prefix(quota)
            }
            drawn.sort()
            self.validation = Part(split: 0, rows: drawn)
            let isDrawn = Set(drawn)
            training = Part(split: 0, rows: all.rows.filter { !isDrawn.contains($0) })
        }
    }

    /// The size of each part, from the description alone.
    ///
    /// Throws where a part that was asked for would be empty, or a split cannot be validated on.
    package static func counts(
        of description: DatasetDescription,
        validation: Validation
    ) throws(DatasetError) -> Counts {
        let rows = description.splits[0].rows
        let test = description.split(named: "test")?.split.rows ?? 0
        switch validation {
        case .none:
            return Counts(training: rows, validation: 0, test: test)
        case .split(let name):
            return Counts(
                training: rows,
                validation: try validationSplit(named: name, of: description).rows,
                test: test
            )
        case .fraction(let fraction, _, _):
            guard fraction > 0, fraction < 1 else {
                throw .invalid(
                    field: "dataset.validation.fraction",
                    detail: "must be above 0 and below 1, got \(fraction)"
                )
            }
            let drawn = Int((Double(rows) * fraction + 0.5).rounded(.down))
            guard drawn > 0, drawn < rows else {
                throw .invalid(
                    field: "dataset.validation.fraction",
                    detail:
                        "\(fraction) of the \(rows) training rows of \(description.name) leaves "
                        + "\(drawn) to validate on and \(rows - drawn) to train on; "
                        + "both must be at least 1"
                )
            }
            return Counts(training: rows - drawn, validation: drawn, test: test)
        }
    }

    private static func validationSplit(
        named name: String,
        of description: DatasetDescription
    ) throws(DatasetError) -> DatasetDescription.Split {
        let offered = description.splits.map(\.name).filter { $0 != "train" && $0 != "test" }
        guard offered.contains(name), let found = description.split(named: name) else {
            let choice =
                offered.isEmpty
                ? "offers none to validate on; give a fraction"
                : "offers " + offered.map { "'\($0)'" }.joined(separator: ", ")
            throw .invalid(
                field: "dataset.validation.split",
                detail: "cannot be '\(name)': \(description.name) \(choice)"
            )
        }
        guard found.split.rows > 0 else {
            throw .invalid(
                field: "dataset.validation.split",
                detail: "'\(name)' has 0 rows to validate on"
            )
        }
        return found.split
    }

    /// `total` in proportion to `sizes`: rounded down, then the largest remainders one more.
    static func shares(of total: Int, among sizes: [Int]) -> [Int] {
        let all = sizes.reduce(0, +)
        var shares = sizes.map { $0 * total / all }
        let byRemainder = sizes.indices.sorted { first, second in
            let (one, other) = (sizes[first] * total % all, sizes[second] * total % all)
            return one == other ? first < second : one > other
        }
        for index in byRemainder.prefix(total - shares.reduce(0, +)) {
            shares[index] += 1
        }
        return shares
    }
}

extension DataPartition.Part {
    /// All `rows` rows of a split.
    fileprivate init(split: Int, rows: Int) {
        self.init(split: split, rows: Array(0..<UInt32(rows)))
    }
}

extension Dataset {
    /// The rows of each class, ascending; all rows together where targets are values.
    fileprivate func rowsByClass(ofSplit split: Int) -> [[UInt32]] {
        let rows = 0..<UInt32(description.splits[split].rows)
        guard case .labels(let labels) = splits[split].targets else { return [Array(rows)] }
        var groups = [[UInt32]](repeating: [], count: description.classes)
        for row in rows { groups[Int(labels[Int(row)])].append(row) }
        return groups
    }
}
