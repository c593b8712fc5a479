import DatasetPlans
import Datasets
import TrainingAPI

/// A dataset parted, scaled and cut into batches as a plan says.
struct TrainingData {
    /// The number of rows of each part.
    let counts: DataPartition.Counts
    /// How an epoch's rows are cut into updates.
    let batches: BatchPlan
    /// The order of an epoch's rows.
    var order: EpochOrder
    let training: RowReader
    /// nil where no rows were set aside.
    let validation: RowReader?
    /// nil where the dataset has no split `test`.
    let test: RowReader?
    /// What is done to features before the first layer.
    let normalization: ModelExport.Normalization

    /// Parts `dataset` and fits the scaling on the training rows; throws where the plan does not fit.
    init(_ plan: TrainingPlan, dataset: Dataset) throws(TrainingError) {
        do throws(DatasetError) {
            let description = dataset.description
            let choice = DataPartition.Validation(plan.dataset.validation)
            let partition = try DataPartition(dataset, validation: choice)
            counts = try DataPartition.counts(of: description, validation: choice)
            let scaling = try FeatureScaling(
                FeatureScaling.Rule(plan.dataset.normalize),
                dataset: dataset,
                training: partition.training
            )
            batches = try BatchPlan(
                rows: counts.training,
                batchSize: plan.batchSize * plan.gradientAccumulation,
                dropLast: plan.dropLast
            )
            order = EpochOrder(
                partition.training,
                shuffle: plan.shuffle,
                seed: plan.seeds.order
            )
            let factors = scaling.factors(for: description)
            normalization = ModelExport.Normalization(
                scale: Array(factors.scale.prefix(description.channels)),
                shift: Array(factors.shift.prefix(description.channels))
            )
            training = RowReader(
                partition.training,
                of: dataset,
                scaling: scaling,
                augmentation: Augmenter.Rule(plan.dataset.augmentation),
                labelNoise: plan.dataset.labelNoise,
                seed: plan.seeds.augmentation
            )
            validation = partition.validation.map {
                RowReader($0, of: dataset, scaling: scaling)
            }
            test = partition.test.map { RowReader($0, of: dataset, scaling: scaling) }
        } catch {
            throw .dataset(error)
        }
    }
}
