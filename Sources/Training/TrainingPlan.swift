package import TrainingAPI

/// Everything that decides a training's bits but the rates, which are granted step by step.
package struct TrainingPlan: Hashable, Sendable {
    /// The data, what is set aside to validate on, and how features are scaled.
    package var dataset: DatasetSpecification
    /// The model.
    package var model: ModelSpecification
    /// The update rule.
    package var optimizer: OptimizerSpecification
    /// The learning rate's peak, of which a weight decay coupled to the schedule is a share; above 0,
    /// 1 by default.
    package var peakLearningRate = 1.0
    /// The rows that go through the model at once; at least 1, 128 by default.
    package var batchSize: Int
    /// The batches whose gradients make one update together; at least 1, which is the default.
    package var gradientAccumulation = 1
    /// What becomes of an update whose loss or gradient is not finite; `fail` by default.
    package var onNonFinite = NonFinitePolicy.fail
    /// Whether each epoch goes through the rows in another random order; true by default.
    package var shuffle: Bool
    /// Whether a last partial batch is left out; false by default.
    package var dropLast: Bool
    /// The rows evaluated at once; at least 1, 1,024 by default.
    ///
    /// It bounds memory and chooses no result: losses are summed row by row in doubles. A row's loss
    /// can differ in a float's last bits, where oneDNN computes another shape another way.
    package var evaluationBatchSize: Int
    /// The seeds of initial weights and order.
    package var seeds: SeedSpecification

    /// Makes a plan with the defaults of a job.
    package init(
        dataset: DatasetSpecification,
        model: ModelSpecification,
        optimizer: OptimizerSpecification,
        batchSize: Int = 128,
        shuffle: Bool = true,
        dropLast: Bool = false,
        evaluationBatchSize: Int = 1_024,
        seeds: SeedSpecification = SeedSpecification()
    ) {
        self.dataset = dataset
        self.model = model
        self.optimizer = optimizer
        self.batchSize = batchSize
        self.shuffle = shuffle
        self.dropLast = dropLast
        self.evaluationBatchSize = evaluationBatchSize
        self.seeds = seeds
    }
}
