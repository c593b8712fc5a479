/// A dataset whose rows lie in memory, read-only.
///
/// Made by `DatasetCatalogue`.
package final class Dataset: Sendable {
    /// A part's rows, to be read while their dataset is held.
    ///
    /// `@unchecked`: the memory is never written after `Dataset.init`.
    struct Rows: @unchecked Sendable {
        /// [rows, features], row-major.
        let features: Features
        /// One label, or as many values as the target has, for each row.
        let targets: Targets
    }

    /// The features in their element type.
    enum Features {
        case bytes(UnsafePointer<UInt8>)
        case floats(UnsafePointer<Float>)
    }

    /// What is learnt of the rows.
    enum Targets {
        /// [rows], each in 0..<classes.
        case labels(UnsafePointer<Int32>)
        /// [rows, values], row-major.
        case values(UnsafePointer<Float>)
    }

    /// What the dataset is.
    package let description: DatasetDescription
    /// The parts' rows, in the order of `description.splits`.
    let splits: [Rows]
    /// What keeps the rows' memory.
    private let memory: any Sendable & AnyObject

    init(description: DatasetDescription, splits: [Rows], memory: any Sendable & AnyObject) {
        self.description = description
        self.splits = splits
        self.memory = memory
    }
}
