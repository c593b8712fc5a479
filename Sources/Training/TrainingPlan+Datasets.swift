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
