package import Datasets
import TrainingAPI

/// One training from its initial weights on, an update at a time.
///
/// Confined to one thread. The same plan, dataset and rates give the same bits on the same processor
/// and library, however many sessions run beside it. Nothing is allocated in an update but what
/// oneDNN takes for itself.
package final class TrainingSession {
    /// The number of updates in an epoch.
    package let stepsPerEpoch: Int
    /// The number of completed updates, which is the place of the next one.
    package private(set) var step = 0
    /// What the model is made of.
    package let shape: ModelShape
    /// The number of rows trained on in an epoch, validated on (0 for none) and tested on.
    package let rowCounts: DataPartition.Counts

    /// The weights and biases as they stand.
    let parameters: FloatBuffer
    /// The gradient of the last update's loss, in the parameters' layout.
    let gradients: FloatBuffer
    let network: Network

    private let optimizer: Optimizer
    private let batches: BatchPlan
    private var order: EpochOrder
    private let training: RowReader
    private let validation: RowReader?
    private let test: RowReader?
    private let workspace: Workspace
    private let evaluationWorkspace: Workspace
    private let best: FloatBuffer
    private var hasBest = false

    /// Parts and fits the data, draws the initial weights and takes all the memory there will be.
    ///
    /// Throws where the plan does not fit the dataset or there is not enough memory.
    package init(_ plan: TrainingPlan, dataset: Dataset) throws(TrainingError) {
        guard plan.evaluationBatchSize > 0 else {
            throw .invalid(
                field: "evaluation_batch_size",
                detail: "must be at least 1, got \(plan.evaluationBatchSize)"
            )
        }
        let description = dataset.description
        do throws(DatasetError) {
            let choice = DataPartition.Validation(plan.dataset.validation)
            let partition = try DataPartition(dataset, validation: choice)
            rowCounts = try DataPartition.counts(of: description, validation: choice)
            let scaling = try FeatureScaling(
                FeatureScaling.Rule(plan.dataset.normalize),
                dataset: dataset,
                training: partition.training
            )
            batches = try BatchPlan(
                rows: rowCounts.training,
                batchSize: plan.batchSize,
                dropLast: plan.dropLast
            )
            order = EpochOrder(
                partition.training,
                shuffle: plan.shuffle,
                seed: plan.seeds.order
            )
            training = RowReader(
                partition.training,
                of: dataset,
                scaling: scaling,
                augmentation: Augmenter.Rule(plan.dataset.augmentation),
                labelNoise: plan.dataset.labelNoise,
                seed: plan.seeds.order
            )
            validation = partition.validation.map {
                RowReader($0, of: dataset, scaling: scaling)
            }
            test = partition.test.map { RowReader($0, of: dataset, scaling: scaling) }
        } catch {
            throw .dataset(error)
        }
        stepsPerEpoch = batches.stepsPerEpoch
        shape = ModelShape(
            features: description.features,
            classes: description.classes,
            model: plan.model
        )
        network = Network(layout: ParameterLayout(shape))
        let count = network.layout.count
        parameters = try FloatBuffer(count: count)
        gradients = try FloatBuffer(count: count)
        best = try FloatBuffer(count: count)
        optimizer = try Optimizer(plan.optimizer, count: count)
        workspace = try Workspace(
            shape,
            rows: min(plan.batchSize, rowCounts.training),
            hasGradients: true
        )
        let most = max(rowCounts.validation, rowCounts.test)
        evaluationWorkspace = try Workspace(
            shape,
            rows: min(plan.evaluationBatchSize, most),
            hasGradients: false
        )
        network.layout.initialize(parameters, seed: plan.seeds.initial)
    }

    /// Makes the update of place `step` at learning rate `rate`, with `momentum` in place of SGD's
    /// momentum or Adam's beta1 where it is given.
    ///
    /// Throws `diverged`, without making the update, where the loss is not finite.
    package func update(
        rate: Double,
        momentum: Double? = nil
    ) throws(TrainingError) -> UpdateResult {
        try EngineThread.compute { () throws(TrainingError) in
            let places = batches.places(ofBatch: step % stepsPerEpoch)
            let rows = places.count
            workspace.load(training, order.rows(ofEpoch: step / stepsPerEpoch), places)
            try network.forward(parameters, workspace, rows: rows)
            let sum = network.lossAndLogitGradient(
                parameters,
                gradients: gradients,
                workspace,
                rows: rows
            )
            let loss = sum / Double(rows)
            guard loss.isFinite else { throw .diverged(step: step, rate: rate, loss: loss) }
            try network.backward(parameters, gradients: gradients, workspace, rows: rows)
            let squares = optimizer.update(
                parameters,
                gradients: gradients,
                step: step,
                rate: rate,
                momentum: momentum
            )
            step += 1
            return UpdateResult(loss: loss, gradientNorm: squares.squareRoot(), rows: rows)
        }
    }

    /// How the model does on the validation rows; nil where none were set aside.
    package func evaluateValidation() throws(TrainingError) -> Evaluation? {
        try evaluate(validation, parameters)
    }

    /// How the model does on the split `test`; nil where the dataset has none.
    package func evaluateTest() throws(TrainingError) -> Evaluation? {
        try evaluate(test, parameters)
    }

    /// Remembers the weights as they stand, in place of those remembered before.
    package func keepBest() {
        best.copy(parameters)
        hasBest = true
    }

    /// How the weights that `keepBest` remembered do on the split `test`; nil where none were.
    package func evaluateTestAtBest() throws(TrainingError) -> Evaluation? {
        hasBest ? try evaluate(test, best) : nil
    }

    private func evaluate(
        _ reader: RowReader?,
        _ parameters: FloatBuffer
    ) throws(TrainingError) -> Evaluation? {
        guard let reader else { return nil }
        return try EngineThread.compute { () throws(TrainingError) in
            var (loss, correct) = (0.0, 0)
            for start in stride(from: 0, to: reader.count, by: evaluationWorkspace.batchSize) {
                let end = min(reader.count, start + evaluationWorkspace.batchSize)
                evaluationWorkspace.load(reader, reader.rows, start..<end)
                try network.forward(parameters, evaluationWorkspace, rows: end - start)
                let score = network.score(parameters, evaluationWorkspace, rows: end - start)
                loss += score.loss
                correct += score.correct
            }
            let rows = Double(reader.count)
            return Evaluation(
                loss: loss / rows,
                accuracy: Double(correct) / rows,
                rows: reader.count
            )
        }
    }
}
