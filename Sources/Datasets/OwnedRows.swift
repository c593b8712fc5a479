/// Rows of floats that this process made.
///
/// `@unchecked`: filled by the one function that makes it, before it becomes part of a `Dataset`,
/// and only read from then on.
final class OwnedRows: @unchecked Sendable {
    /// [rows, features], row-major.
    let features: UnsafeMutableBufferPointer<Float>
    /// [rows]; all 0 where targets are values.
    let labels: UnsafeMutableBufferPointer<Int32>
    /// [rows, values], row-major; empty where targets are classes.
    let values: UnsafeMutableBufferPointer<Float>

    /// Makes `rows` rows of zeros, with labels or with `values` values each.
    init(rows: Int, features: Int, values: Int = 0) {
        self.features = .allocate(capacity: rows * features)
        self.features.initialize(repeating: 0)
        labels = .allocate(capacity: rows)
        labels.initialize(repeating: 0)
        self.values = .allocate(capacity: rows * values)
        self.values.initialize(repeating: 0)
    }

    deinit {
        features.deallocate()
        labels.deallocate()
        values.deallocate()
    }
}

extension Dataset {
    /// A dataset of `memory`, one for each split of `description`.
    convenience init(description: DatasetDescription, memory: [OwnedRows]) {
        let splits = memory.compactMap { memory -> Rows? in
            guard let features = UnsafePointer(memory.features.baseAddress),
                let labels = UnsafePointer(memory.labels.baseAddress),
                let values = UnsafePointer(memory.values.baseAddress)
            else { return nil }
            let targets: Targets =
                switch description.target {
                case .classes: .labels(labels)
                case .values: .values(values)
                }
            return Rows(features: .floats(features), targets: targets)
        }
        precondition(splits.count == description.splits.count, "one memory for each split")
        self.init(description: description, splits: splits, memory: Owners(memory))
    }

    private final class Owners: Sendable {
        let memory: [OwnedRows]

        init(_ memory: [OwnedRows]) {
            self.memory = memory
        }
    }
}
