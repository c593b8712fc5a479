/// What a finished run of training came to.
public struct TrainingSummary: Hashable, Sendable, Codable {
    /// The state of the weights that did best on validation.
    public struct Best: Hashable, Sendable, Codable {
        /// The finished updates at that validation.
        public var step: Int
        /// The mean loss on the validation rows.
        public var validationLoss: Double
        /// The share of validation rows that were classified right.
        public var validationAccuracy: Double?
        /// The mean loss on the test rows at these weights.
        public var testLoss: Double?
        /// The share of test rows that were classified right at these weights.
        public var testAccuracy: Double?

        /// Makes the values at `step`.
        public init(
            step: Int,
            validationLoss: Double,
            validationAccuracy: Double? = nil,
            testLoss: Double? = nil,
            testAccuracy: Double? = nil
        ) {
            self.step = step
            self.validationLoss = validationLoss
            self.validationAccuracy = validationAccuracy
            self.testLoss = testLoss
            self.testAccuracy = testAccuracy
        }
    }

    /// The last epoch's mean loss over samples.
    public var trainLoss: Double?
    /// The mean loss on the validation rows at the final weights.
    public var validationLoss: Double?
    /// The share of validation rows classified right at the final weights.
    public var validationAccuracy: Double?
    /// The mean loss on the test rows at the final weights.
    public var testLoss: Double?
    /// The share of test rows classified right at the final weights.
    public var testAccuracy: Double?
    /// The best validation's weights.
    public var best: Best?
    /// How the run ended before its last step; `nil` where it did not.
    public var earlyStop: EarlyStop?
    /// The batches that made no update because loss or gradient were not finite.
    public var skippedSteps = 0
    /// How often the weights went back to an earlier state for the same reason.
    public var rollbacks = 0
    /// Updates per second of time spent in updates.
    public var stepsPerSecond: Double?
    /// Wall time running, in seconds.
    public var seconds: Double?
    /// Whether the run gives the same bits as one that was never interrupted.
    public var exact: Bool

    /// Makes an empty summary.
    public init(exact: Bool = true) {
        self.exact = exact
    }
}

extension TrainingSummary: JSONWritable {
    /// Writes the summary; what is not known as `null`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("train_loss", trainLoss)
            writer.field("validation_loss", validationLoss)
            writer.field("validation_accuracy", validationAccuracy)
            writer.field("test_loss", testLoss)
            writer.field("test_accuracy", testAccuracy)
            writer.field("best", best)
            writer.field("stopped_early", earlyStop)
            writer.field("skipped_steps", skippedSteps)
            writer.field("rollbacks", rollbacks)
            writer.field("steps_per_second", stepsPerSecond)
            writer.field("seconds", seconds)
            writer.field("exact", exact)
        }
    }

    /// Reads a summary.
    public init?(_ document: Document) {
        guard document.members != nil else { return nil }
        self.init(exact: document["exact"]?.bool ?? true)
        trainLoss = document["train_loss"]?.double
        validationLoss = document["validation_loss"]?.double
        validationAccuracy = document["validation_accuracy"]?.double
        testLoss = document["test_loss"]?.double
        testAccuracy = document["test_accuracy"]?.double
        best = document["best"].flatMap { Best($0) }
        earlyStop = document["stopped_early"].flatMap { EarlyStop($0) }
        skippedSteps = document["skipped_steps"]?.integer ?? 0
        rollbacks = document["rollbacks"]?.integer ?? 0
        stepsPerSecond = document["steps_per_second"]?.double
        seconds = document["seconds"]?.double
    }
}

extension TrainingSummary.Best: JSONWritable {
    /// Writes the values; what is not known as `null`.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("step", step)
            writer.field("validation_loss", validationLoss)
            writer.field("validation_accuracy", validationAccuracy)
            writer.field("test_loss", testLoss)
            writer.field("test_accuracy", testAccuracy)
        }
    }

    /// Reads the values.
    public init?(_ document: Document) {
        guard let step = document["step"]?.integer,
            let loss = document["validation_loss"]?.double
        else { return nil }
        self.init(
            step: step,
            validationLoss: loss,
            validationAccuracy: document["validation_accuracy"]?.double,
            testLoss: document["test_loss"]?.double,
            testAccuracy: document["test_accuracy"]?.double
        )
    }
}
