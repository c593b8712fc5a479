extension TrainingSummary {
    /// The end of a run that no longer improved.
    public struct EarlyStop: Hashable, Sendable, Codable {
        /// The finished updates when the run ended.
        public var step: Int
        /// What did not improve, as a sentence without its full stop.
        public var reason: String
        /// Whether the weights are those of the best validation.
        public var restoredBest: Bool
        /// What the end left undone, as a sentence; `nil` where nothing looks wrong.
        public var warning: String?

        /// Makes the end at `step`.
        public init(step: Int, reason: String, restoredBest: Bool, warning: String? = nil) {
            self.step = step
            self.reason = reason
            self.restoredBest = restoredBest
            self.warning = warning
        }
    }
}

extension TrainingSummary.EarlyStop: JSONWritable {
    /// Writes the end.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("step", step)
            writer.field("reason", reason)
            writer.field("restored_best", restoredBest)
            writer.field("warning", warning)
        }
    }

    /// Reads the end.
    public init?(_ document: Document) {
        guard let step = document["step"]?.integer, let reason = document["reason"]?.string else {
            return nil
        }
        self.init(
            step: step,
            reason: reason,
            restoredBest: document["restored_best"]?.bool ?? false,
            warning: document["warning"]?.string
        )
    }
}
