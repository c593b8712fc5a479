package import Datasets
package import TrainingAPI

/// One training from its initial weights on, an update at a time.
///
/// Confined to one thread. The same plan, dataset and rates give the same bits on the same processor
/// and library, however many sessions run beside it. Nothing is allocated in an update but what
/// oneDNN takes for itself.
package final class TrainingSession {
    /// The number of updates in an epoch.
    package let stepsPerEpoch: Int
    /// What the model is made of.
    package let shape: ModelShape
    /// The number of rows trained on in an epoch, validated on (0 for none) and tested on.
    package let rowCounts: DataPartition.Counts

    /// The weights and biases as they stand.
    let parameters: FloatBuffer
    /// What training changes beside them: batch normalization's running statistics.
    let buffers: FloatBuffer
    /// The gradient of the last update's loss, in the parameters' layout.
    let gradients: FloatBuffer
    let network: Network
    let optimizer: Optimizer
    /// The weights that `keepBest` remembered.
    let best: FloatBuffer
    let bestBuffers: FloatBuffer
    /// What is counted from one update to the next.
    var counters = SessionCounters()

    private let batches: BatchPlan
    private var order: EpochOrder
    private let training: RowReader
    private let validation: RowReader?
    private let test: RowReader?
    private let workspace: Workspace
    private let evaluationWorkspace: Workspace

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
            training = RowReader(partition.training, of: dataset, scaling: scaling)
            validation = partition.validation.map {
                RowReader($0, of: dataset, scaling: scaling)
            }
            test = partition.test.map { RowReader($0, of: dataset, scaling: scaling) }
        } catch {
            throw .dataset(error)
        }
        stepsPerEpoch = batches.stepsPerEpoch
        do throws(ModelFault) {
            shape = try ModelShape(
                plan.model,
                input: TensorShape(features: description.featureShape),
                outputs: description.target.outputs
            )
        } catch {
            throw .invalid(
                field: (["model"] + error.path).joined(separator: "."),
                detail: error.detail
            )
        }
        network = try Network(
            shape,
            loss: plan.model.loss,
            target: description.target,
            dropoutSeed: plan.seeds.initial
        )
        let count = shape.parameters.count
        buffers = try FloatBuffer(count: shape.buffers.count)
        parameters = try FloatBuffer(count: count)
        gradients = try FloatBuffer(count: count)
        best = try FloatBuffer(count: count)
        bestBuffers = try FloatBuffer(count: shape.buffers.count)
        optimizer = try Optimizer(plan.optimizer, count: count)
        workspace = try Workspace(
            network,
            target: description.target,
            rows: min(plan.batchSize, rowCounts.training),
            hasGradients: true
        )
        let most = max(rowCounts.validation, rowCounts.test)
        evaluationWorkspace = try Workspace(
            network,
            target: description.target,
            rows: min(plan.evaluationBatchSize, most),
            hasGradients: false
        )
        shape.initialize(
            parameters,
            buffers: buffers,
            by: plan.model.initialization,
            seed: plan.seeds.initial
        )
    }

    /// The number of completed updates, which is the place of the next one.
    package var step: Int { counters.step }

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
            let weight = network.lossWeight(workspace, rows: rows)
            let sum = try network.forwardBackward(
                parameters,
                buffers: buffers,
                gradients: gradients,
                workspace,
                rows: rows,
                scale: 1 / weight,
                step: step,
                firstRow: 0,
                accumulating: false
            )
            let loss = sum / weight
            guard loss.isFinite else { throw .diverged(step: step, rate: rate, loss: loss) }
            let squares = optimizer.update(
                parameters,
                gradients: gradients,
                step: step,
                rate: rate,
                momentum: momentum
            )
            counters.step += 1
            return UpdateResult(loss: loss, gradientNorm: squares.squareRoot(), rows: rows)
        }
    }

    /// How the model does on the validation rows; nil where none were set aside.
    package func evaluateValidation() throws(TrainingError) -> Evaluation? {
        try evaluate(validation, parameters, buffers)
    }

    /// How the model does on the split `test`; nil where the dataset has none.
    package func evaluateTest() throws(TrainingError) -> Evaluation? {
        try evaluate(test, parameters, buffers)
    }

    /// Remembers the weights as they stand, in place of those remembered before.
    package func keepBest() {
        best.copy(parameters)
        bestBuffers.copy(buffers)
        counters.hasBest = true
    }

    /// How the weights that `keepBest` remembered do on the split `test`; nil where none were.
    package func evaluateTestAtBest() throws(TrainingError) -> Evaluation? {
        counters.hasBest ? try evaluate(test, best, bestBuffers) : nil
    }

    private func evaluate(
        _ reader: RowReader?,
        _ parameters: FloatBuffer,
        _ buffers: FloatBuffer
    ) throws(TrainingError) -> Evaluation? {
        guard let reader else { return nil }
        return try EngineThread.compute { () throws(TrainingError) in
            var (loss, correct) = (0.0, 0)
            for start in stride(from: 0, to: reader.count, by: evaluationWorkspace.batchSize) {
                let end = min(reader.count, start + evaluationWorkspace.batchSize)
                evaluationWorkspace.load(reader, reader.rows, start..<end)
                let score = try network.evaluate(
                    parameters,
                    buffers: buffers,
                    evaluationWorkspace,
                    rows: end - start
                )
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
