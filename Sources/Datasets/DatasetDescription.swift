/// What is known of a dataset before a byte of it is read.
package struct DatasetDescription: Hashable, Sendable {
    /// A named part of the rows, as the dataset's makers cut it.
    package struct Split: Hashable, Sendable {
        /// `train`, `test`, or another name that may be validated on.
        package let name: String
        /// The number of rows of each class, by class.
        package let classCounts: [Int]

        /// The number of rows.
        package var rows: Int { classCounts.reduce(0, +) }
    }

    /// What a row's features are.
    package enum Content: String, Hashable, Sendable {
        /// Bytes, 0…255, [height, width, channels].
        case images
        /// Floats, one per column.
        case table
    }

    /// The name in the catalogue.
    package let name: String
    /// One sentence: what the rows are and where they come from.
    package let source: String
    /// What a row's features are.
    package let content: Content
    /// The shape of one row's features: [height, width, channels] or [columns], row-major.
    package let featureShape: [Int]
    /// The classes' names; a label is a place in this list.
    package let classNames: [String]
    /// The parts; the first is `train` and has rows.
    package let splits: [Split]
    /// What splits, caches and comparisons know the data by.
    package let contentHash: ContentHash

    /// The number of one row's features.
    package var features: Int { featureShape.reduce(1, *) }
    /// The number of classes.
    package var classes: Int { classNames.count }
    /// The number of values that are scaled together: an image's channels, a table's columns.
    package var channels: Int { featureShape.last ?? 1 }

    /// The part called `name`, and its place in `splits`.
    package func split(named name: String) -> (index: Int, split: Split)? {
        splits.firstIndex { $0.name == name }.map { ($0, splits[$0]) }
    }
}
