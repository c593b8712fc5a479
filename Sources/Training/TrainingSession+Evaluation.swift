import Datasets

extension TrainingSession {
    /// How the model does on the validation rows; nil where none were set aside.
    package func evaluateValidation() throws(TrainingError) -> Evaluation? {
        try evaluate(data.validation, evaluated, buffers)
    }

    /// How the model does on the split `test`; nil where the dataset has none.
    package func evaluateTest() throws(TrainingError) -> Evaluation? {
        try evaluate(data.test, evaluated, buffers)
    }

    /// How the weights that `keepBest` remembered do on the split `test`; nil where none were.
    package func evaluateTestAtBest() throws(TrainingError) -> Evaluation? {
        counters.hasBest ? try evaluate(data.test, best, bestBuffers) : nil
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
                accuracy: network.classifies ? Double(correct) / rows : nil,
                rows: reader.count
            )
        }
    }
}
