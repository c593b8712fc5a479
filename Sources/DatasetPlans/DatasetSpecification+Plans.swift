package import Datasets
package import TrainingAPI

extension DataPartition.Validation {
    /// The choice that a job's `dataset.validation` says.
    package init(_ specification: DatasetSpecification.Validation) {
        self =
            switch specification {
            case .fraction(let fraction, let stratified, let seed):
                .fraction(fraction, stratified: stratified, seed: seed)
            case .split(let name): .split(name)
            case .none: .none
            }
    }
}

extension FeatureScaling.Rule {
    /// The rule that a job's `dataset.normalize` says.
    package init(_ specification: DatasetSpecification.Normalization) {
        self =
            switch specification {
            case .standardize: .standardize
            case .fixed(let mean, let std): .fixed(mean: mean, std: std)
            case .none: .none
            }
    }
}

extension Augmenter.Rule {
    /// The changes that a job's `dataset.augmentation` says.
    package init(_ specification: AugmentationSpecification) {
        self.init()
        cropPadding = specification.cropPadding
        flipProbability = specification.flipProbability
        erasingProbability = specification.erasingProbability
        mixupAlpha = specification.mixupAlpha
    }
}

extension SyntheticDataset {
    /// The dataset that a job's parameters describe.
    package init(_ specification: SyntheticSpecification) {
        let kind: Kind =
            switch specification.kind {
            case .spirals: .spirals
            case .moons: .moons
            case .blobs: .blobs
            case .linear: .linear
            }
        self.init(
            kind,
            rows: specification.rows,
            noise: specification.noise,
            seed: specification.seed,
            classes: specification.classes,
            features: specification.features,
            turns: specification.turns
        )
    }
}
