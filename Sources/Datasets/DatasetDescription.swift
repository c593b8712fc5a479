/// What is known of a dataset before a byte of it is read.
package struct DatasetDescription: Hashable, Sendable {
    /// A named part of the rows, as the dataset's makers cut it.
    package struct Split: Hashable, Sendable {
        /// `train`, `test`, or another name that may be validated on.
        package let name: String
        /// The number of rows.
        package let rows: Int
        /// The number of rows of each class, by class; empty where targets are values.
        package let classCounts: [Int]

        /// A part of a dataset with classes.
        package init(name: String, classCounts: [Int]) {
            self.name = name
            self.classCounts = classCounts
            rows = classCounts.reduce(0, +)
        }

        /// A part of a dataset whose targets are values.
        package init(name: String, rows: Int) {
            self.name = name
            self.rows = rows
            classCounts = []
        }
    }

    /// What a row's features are.
    package enum Content: String, Hashable, Sendable {
        /// [height, width, channels].
        case images
        /// One value per column.
        case table
    }

    /// What a feature is stored as.
    package enum Element: String, Hashable, Sendable {
        /// 0…255; scaled to 0…1 before anything else.
        case bytes
        /// 32-bit floats, taken as they stand.
        case floats
    }

    /// What is learnt of a row.
    package enum Target: Hashable, Sendable {
        /// Which of so many classes it belongs to.
        case classes(Int)
        /// So many numbers.
        case values(Int)

        /// The numbers that a model gives for a row: one per class, or one per value.
        package var outputs: Int {
            switch self {
            case .classes(let count), .values(let count): count
            }
        }
    }

    /// The name in the catalogue.
    package let name: String
    /// One sentence: what the rows are and where they come from.
    package let source: String
    /// What a row's features are.
    package let content: Content
    /// What a feature is stored as; tables are floats.
    package let element: Element
    /// The shape of one row's features: [height, width, channels] or [columns], row-major.
    package let featureShape: [Int]
    /// What is learnt of a row.
    package let target: Target
    /// The names of the classes, of which a label is a place, or of the values.
    package let targetNames: [String]
    /// The parts; the first is `train` and has rows.
    package let splits: [Split]
    /// What splits, caches and comparisons know the data by.
    package let contentHash: ContentHash

    /// The number of one row's features.
    package var features: Int { featureShape.reduce(1, *) }
    /// The number of classes; 0 where targets are values.
    package var classes: Int {
        if case .classes(let count) = target { count } else { 0 }
    }
    /// The number of values that are scaled together: an image's channels, a table's columns.
    package var channels: Int { featureShape.last ?? 1 }

    /// The part called `name`, and its place in `splits`.
    package func split(named name: String) -> (index: Int, split: Split)? {
        splits.firstIndex { $0.name == name }.map { ($0, splits[$0]) }
    }
}

extension DatasetDescription {
    /// Describes rows with classes: images of bytes, or a table of floats.
    package init(
        name: String,
        source: String,
        content: Content,
        featureShape: [Int],
        classNames: [String],
        splits: [Split],
        contentHash: ContentHash
    ) {
        self.init(
            name: name,
            source: source,
            content: content,
            element: content == .images ? .bytes : .floats,
            featureShape: featureShape,
            target: .classes(classNames.count),
            targetNames: classNames,
            splits: splits,
            contentHash: contentHash
        )
    }
}
