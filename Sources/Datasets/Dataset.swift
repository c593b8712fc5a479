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
        /// [rows], each in 0..<classes.
        let labels: UnsafePointer<Int32>
    }

    /// The features' element type.
    enum Features {
        case bytes(UnsafePointer<UInt8>)
        case floats(UnsafePointer<Float>)
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
