import CKernels
package import Datasets
package import TrainingAPI

/// One training from its initial weights on, an update at a time.
///
/// Confined to one thread. The same plan, dataset and rates give the same bits on the same processor
/// and library, however many sessions run beside it. Nothing is allocated in an update but what
/// oneDNN takes for itself.
package final class TrainingSession {
    /// Every how manieth update is measured against the weights.
    package static let measuredSteps = 16

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
    /// The moving average of the weights, where one is made.
    let average: FloatBuffer?
    /// The weights that `keepBest` remembered.
    let best: FloatBuffer
    /// The running statistics that `keepBest` remembered.
    let bestBuffers: FloatBuffer
    /// Every array that an update changes for good.
    let trained: [FloatBuffer]
    /// Where `trained` stood when a rollback was last prepared; empty where none is wanted.
    let snapshot: [FloatBuffer]
    /// Where the running statistics stood before the update under way.
    let earlierBuffers: FloatBuffer
    /// What the model's outputs stand for.
    let outputNames: [String]
    /// What is counted from one update to the next.
    var counters = SessionCounters()

    let plan: TrainingPlan
    private(set) var data: TrainingData
    let evaluationWorkspace: Workspace
    private let workspace: Workspace

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
        self.plan = plan
        data = try TrainingData(plan, dataset: dataset)
        let description = dataset.description
        outputNames = description.targetNames
        stepsPerEpoch = data.batches.stepsPerEpoch
        rowCounts = data.counts
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
            dropoutSeed: plan.seeds.dropout
        )
        let count = shape.parameters.count
        buffers = try FloatBuffer(count: shape.buffers.count)
        parameters = try FloatBuffer(count: count)
        gradients = try FloatBuffer(count: count)
        best = try FloatBuffer(count: count)
        bestBuffers = try FloatBuffer(count: shape.buffers.count)
        earlierBuffers = try FloatBuffer(count: shape.buffers.count)
        let optimizer = try Optimizer(plan.optimizer, layout: shape.parameters)
        let average = plan.optimizer.average == nil ? nil : try FloatBuffer(count: count)
        let trained = [parameters, buffers] + optimizer.slots + (average.map { [$0] } ?? [])
        var snapshot: [FloatBuffer] = []
        if plan.onNonFinite == .rollback {
            for array in trained { snapshot.append(try FloatBuffer(count: array.count)) }
        }
        self.optimizer = optimizer
        self.average = average
        self.trained = trained
        self.snapshot = snapshot
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
        takeSnapshot()
    }

    /// The number of completed updates, which is the place of the next one.
    package var step: Int { counters.step }

    /// Makes the update of place `step` at learning rate `rate`, with `momentum` in place of the rule's
    /// momentum or beta1 where it is given.
    ///
    /// Where loss or gradient are not finite the update is not made: this throws, or tries the next
    /// batch, as the plan says.
    package func update(
        rate: Double,
        momentum: Double? = nil
    ) throws(TrainingError) -> UpdateResult {
        try EngineThread.compute { () throws(TrainingError) in
            var failures = 0
            while true {
                switch try attempt(rate: rate, momentum: momentum) {
                case .success(let result): return result
                case .failure(let error):
                    failures += 1
                    try passOver(error, failures: failures)
                }
            }
        }
    }

    /// Makes the update with the next batch, or says what of it is not finite.
    private func attempt(
        rate: Double,
        momentum: Double?
    ) throws(TrainingError) -> Result<UpdateResult, TrainingError> {
        let batch = counters.step + counters.skippedBatches
        let places = data.batches.places(ofBatch: batch % stepsPerEpoch)
        let loss = try gradient(of: places, ofEpoch: batch / stepsPerEpoch)
        guard loss.isFinite else {
            return .failure(.diverged(step: step, rate: rate, loss: loss))
        }
        let limit = limitGradients()
        guard limit.squares?.isFinite ?? true else {
            return .failure(.overflowed(step: step, rate: rate))
        }
        let measures = step.isMultiple(of: Self.measuredSteps)
        let squares = optimizer.update(
            parameters,
            gradients: gradients,
            Optimizer.Settings(
                rate: rate,
                momentum: momentum,
                peak: plan.peakLearningRate,
                gradientScale: limit.scale,
                measures: measures
            ),
            &counters.optimizer
        )
        let norm = (limit.squares ?? squares.gradients).squareRoot()
        guard norm.isFinite else { throw .overflowed(step: step, rate: rate) }
        moveAverage()
        counters.step += 1
        return .success(
            UpdateResult(
                loss: loss,
                gradientNorm: norm,
                updateToWeightRatio: measures
                    ? (squares.changes / squares.weights).squareRoot() : nil,
                rows: places.count
            )
        )
    }

    /// Sets the gradient of the mean loss over the rows at `places` of an epoch's order, a batch after
    /// the other, and returns that loss.
    private func gradient(
        of places: Range<Int>,
        ofEpoch epoch: Int
    ) throws(TrainingError) -> Double {
        earlierBuffers.copy(buffers)
        let order = data.order.rows(ofEpoch: epoch)
        let weight = lossWeight(of: places, order)
        var sum = 0.0
        for start in stride(from: places.lowerBound, to: places.upperBound, by: plan.batchSize) {
            let end = min(start + plan.batchSize, places.upperBound)
            workspace.load(
                data.training,
                order,
                start..<end,
                step: step,
                microbatch: (start - places.lowerBound) / plan.batchSize
            )
            sum += try network.forwardBackward(
                parameters,
                buffers: buffers,
                gradients: gradients,
                workspace,
                rows: end - start,
                scale: 1 / weight,
                step: step,
                firstRow: start - places.lowerBound,
                accumulating: start > places.lowerBound
            )
        }
        return sum / weight
    }

    /// What the sum of an update's losses is divided by for their mean.
    private func lossWeight(of places: Range<Int>, _ order: [UInt32]) -> Double {
        guard network.weighsRows else { return Double(places.count) }
        var weight = 0.0
        for start in stride(from: places.lowerBound, to: places.upperBound, by: plan.batchSize) {
            let end = min(start + plan.batchSize, places.upperBound)
            let microbatch = (start - places.lowerBound) / plan.batchSize
            workspace.load(data.training, order, start..<end, step: step, microbatch: microbatch)
            weight += network.lossWeight(workspace, rows: end - start)
        }
        return weight
    }
}
