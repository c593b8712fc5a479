/// How a file that somebody brings is to be read.
package struct UploadOptions: Hashable, Sendable {
    /// What the file is written in.
    package enum Format: String, Hashable, Sendable, CaseIterable {
        /// Comma-separated values (RFC 4180).
        case csv
        /// A zip archive of arrays as numpy's `savez` and `savez_compressed` write it.
        case npz
        /// A zip archive of IDX files, each gzipped or not, named as MNIST's are.
        case idx
    }

    /// What the label column holds.
    package enum TargetKind: String, Hashable, Sendable, CaseIterable {
        /// Classes where every label is a text or a whole number, else values.
        case auto
        /// The names of classes.
        case classes
        /// Numbers to predict.
        case values
    }

    /// What becomes of a row with an empty field, or one of `NA`, `NaN`, `null`, `?`.
    package enum Missing: String, Hashable, Sendable, CaseIterable {
        /// The file is refused, naming the first such field.
        case refuse
        /// The row is left out.
        case drop
        /// The field becomes the mean of its column over the rows of the split `train`.
        case mean
    }

    /// Which column the labels stand in.
    package enum Label: Hashable, Sendable {
        /// The last one.
        case last
        /// The one of this name, or else of this place, 0-based.
        case column(String)
    }

    /// What the file is written in; told by its first bytes where it is nil.
    package var format: Format?
    /// What stands between two fields of CSV; a comma by default.
    package var delimiter: UInt8 = UInt8(ascii: ",")
    /// Whether the first line of CSV names the columns; nil takes it for names where one of its
    /// feature fields is neither a number nor missing.
    package var hasHeader: Bool?
    /// The column of the labels; the last by default.
    package var label = Label.last
    /// What the labels are; told by their look by default.
    package var target = TargetKind.auto
    /// What becomes of missing values; refused by default.
    package var missing = Missing.refuse
    /// The share of the rows that become the split `test`, in 0..<1; none by default.
    ///
    /// Each class gives its share. Refused where the file brings a split `test` of its own.
    package var testFraction = 0.0
    /// The seed of that choice; 0 by default.
    package var testSeed: UInt64 = 0

    /// The defaults.
    package init() {}
}
