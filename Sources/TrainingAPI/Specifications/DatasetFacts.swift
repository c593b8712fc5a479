/// What is known of a dataset when a job is submitted, before any row is read.
public struct DatasetFacts: Hashable, Sendable {
    /// What is learnt of a row.
    public enum Target: Hashable, Sendable {
        /// Which of so many classes it belongs to.
        case classes(Int)
        /// So many numbers.
        case values(Int)

        /// The numbers that a model gives for a row: one per class, or one per value.
        public var outputs: Int {
            switch self {
            case .classes(let count), .values(let count): count
            }
        }
    }

    /// The dataset's name.
    public var name: String
    /// The rows of each split; the one called `train` is trained on.
    public var rows: [String: Int]
    /// The features of a row, or the height, width and channels of an image.
    public var shape: [Int]
    /// What is learnt of a row.
    public var target: Target
    /// The hash of the contents, 64 hexadecimal digits.
    public var hash: String

    /// Makes facts.
    public init(
        name: String,
        rows: [String: Int],
        shape: [Int],
        target: Target,
        hash: String = ""
    ) {
        self.name = name
        self.rows = rows
        self.shape = shape
        self.target = target
        self.hash = hash
    }

    /// The numbers that one row holds.
    public var features: Int { shape.reduce(1, *) }
    /// Whether a row is an image: height, width and channels.
    public var isImages: Bool { shape.count == 3 }
}
