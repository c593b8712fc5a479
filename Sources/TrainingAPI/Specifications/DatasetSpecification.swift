/// Which data a job reads, and what is done to it before training.
public struct DatasetSpecification: Hashable, Sendable {
    /// The part of the training rows that is set aside to validate on.
    public enum Validation: Hashable, Sendable {
        /// A fraction of the training rows in (0, 1), drawn by `seed` and the dataset's hash alone.
        ///
        /// `stratified` keeps each class's share of the rows.
        case fraction(Double, stratified: Bool, seed: UInt64)
        /// A split of the dataset by its name.
        case split(String)
        /// No validation.
        case none
    }

    /// How features are scaled.
    public enum Normalization: Hashable, Sendable {
        /// To mean 0 and deviation 1 over the training part: per feature for tables, per channel for
        /// images, which are scaled to 0…1 first.
        case standardize
        /// `(x - mean) / std` with the given values: one for all, or one per channel or feature.
        case fixed(mean: [Double], std: [Double])
        /// As stored; images are still scaled to 0…1.
        case none
    }

    /// The dataset's name in the catalogue.
    public var name: String
    /// What is set aside to validate on; a stratified tenth by default.
    public var validation: Validation
    /// How features are scaled; `standardize` by default.
    public var normalize: Normalization
    /// The parameters of a dataset that is computed; `nil` for one of another name.
    public var synthetic: SyntheticSpecification?
    /// Random changes of the training rows; none by default.
    public var augmentation: AugmentationSpecification
    /// The share of the training rows whose label becomes another one, each class but the right one being
    /// as likely; the same rows for the same dataset and job seed; 0 by default.
    public var labelNoise: Double

    /// Makes a specification of the dataset called `name`.
    public init(
        name: String,
        validation: Validation = .fraction(0.1, stratified: true, seed: 0),
        normalize: Normalization = .standardize,
        synthetic: SyntheticSpecification? = nil,
        augmentation: AugmentationSpecification = AugmentationSpecification(),
        labelNoise: Double = 0
    ) {
        self.name = name
        self.validation = validation
        self.normalize = normalize
        self.synthetic =
            synthetic ?? SyntheticSpecification.Kind(rawValue: name).map { .init($0) }
        self.augmentation = augmentation
        self.labelNoise = labelNoise
    }
}
