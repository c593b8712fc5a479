import TrainingAPI

/// The values between two layers, and their gradient: where they lie and how.
struct Signal {
    /// How the rows of a batch lie.
    enum Form {
        /// [rows, features], row-major; an image's channels vary fastest. The batch as it was read.
        case rows
        /// [features, rows], each feature's rows beside each other.
        case features
        /// [blocks, channels, height, width, 16], sixteen rows beside each other.
        case blocks
    }

    let shape: TensorShape
    let form: Form
    /// The place of the values among a workspace's arrays; nil for the batch's own features.
    let values: Int?
    /// The place of the gradient among a workspace's arrays; nil where nothing before it is trained.
    let gradient: Int?
}

/// An array of a workspace: so many floats for each row of the batch, rounded up to sixteen.
struct ArrayPlan {
    let floatsPerRow: Int
    /// Whether only training needs it.
    let isForTraining: Bool
}
