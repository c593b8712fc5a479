extension JobSpecification {
    /// The model's shape on its data and the memory of the run, or a report of what does not fit.
    func shape(
        for facts: DatasetFacts,
        trainingRows: Int,
        validationRows: Int,
        memoryLimit: Int,
        at pointer: Pointer,
        _ context: inout DecodingContext
    ) -> (shape: ModelShape, memory: Int)? {
        let place = pointer.appending("model")
        let shape: ModelShape
        do throws(ModelFault) {
            shape = try ModelShape(
                model,
                input: TensorShape(features: facts.shape),
                outputs: facts.target.outputs
            )
        } catch {
            context.report(
                error.path.reduce(place) { $0.appending($1) },
                .conflict,
                error.detail
            )
            return nil
        }
        if let (field, detail) = model.loss.fault(of: facts.target) {
            context.report(place.appending(field), .conflict, detail)
            return nil
        }
        let last = trainingRows % batchSize
        if shape.hasBatchNorm, batchSize == 1 || last == 1 && !dropLast {
            let (field, advice) =
                batchSize == 1
                ? ("batch_size", "write a batch_size of 2 or more")
                : (
                    "drop_last",
                    "the last batch of \(grouped(trainingRows)) rows in batches of \(batchSize) has"
                        + " one; write \"drop_last\": true or another batch_size"
                )
            context.report(
                pointer.appending(field),
                .conflict,
                "batch normalization cannot train on a batch of one row; \(advice)"
            )
            return nil
        }
        let memory = shape.memoryEstimate(
            batchSize: min(batchSize, trainingRows),
            evaluationBatchSize: min(
                evaluationBatchSize,
                max(validationRows, facts.rows["test"] ?? 0)
            ),
            optimizer: optimizer,
            onNonFinite: onNonFinite
        )
        guard memory <= memoryLimit else {
            context.report(
                place,
                .range,
                "the run would take about \(memory.inMebibytes) of memory, with"
                    + " \(grouped(shape.parameterCount)) parameters and batches of \(batchSize)"
                    + " and, in evaluation, \(evaluationBatchSize) rows; the limit is"
                    + " \(memoryLimit.inMebibytes)"
            )
            return nil
        }
        return (shape, memory)
    }
}

extension LossSpecification {
    /// What does not fit `target`: the model's field and a sentence.
    package func fault(of target: DatasetFacts.Target) -> (field: String, detail: String)? {
        switch target {
        case .values:
            if kind == .crossEntropy {
                return (
                    "loss",
                    "cross_entropy is for classes, and the data have values; write"
                        + " \"mean_squared_error\" or \"huber\""
                )
            }
            if labelSmoothing > 0 || !classWeights.isEmpty {
                return (
                    labelSmoothing > 0 ? "label_smoothing" : "class_weights",
                    "it is for classes, and the data have values; leave it out"
                )
            }
        case .classes(let classes):
            if let kind, kind != .crossEntropy {
                return (
                    "loss",
                    "\(kind.rawValue) is for values, and the data have \(classes) classes; write"
                        + " \"cross_entropy\""
                )
            }
            if !classWeights.isEmpty, classWeights.count != classes {
                return (
                    "class_weights",
                    "there are \(classWeights.count) weights, and the data have \(classes) classes"
                )
            }
        }
        return nil
    }
}

extension Int {
    /// Bytes in the unit of memory limits: `1,234 MiB`.
    fileprivate var inMebibytes: String { "\(grouped((self + (1 << 20) - 1) >> 20)) MiB" }
}
