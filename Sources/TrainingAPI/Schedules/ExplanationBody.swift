public import Schedules

/// Why the rate of a step is what it is: the body of `GET /v1/jobs/{id}/explain`.
public struct ExplanationBody: Hashable, Sendable {
    /// One cause, in the order in which they act.
    public struct Cause: Hashable, Sendable {
        /// The cause in words: `warm-up ended at step 400`.
        public var cause: String
        /// By what it multiplies the rate; `nil` where it sets it or only leads to the next.
        public var factor: Double?
        /// The rate after this cause; `nil` where the next one says it.
        public var learningRate: Double?

        /// Makes a cause.
        public init(cause: String, factor: Double? = nil, learningRate: Double? = nil) {
            self.cause = cause
            self.factor = factor
            self.learningRate = learningRate
        }
    }

    /// The 0-based update.
    public var step: Int
    /// Its rate.
    public var learningRate: Double
    /// Its momentum, where the schedule moves it.
    public var momentum: Double?
    /// The causes in one line: `warm-up ended at step 400; cosine, 61 % of its way; = 2.1e-4`.
    public var summary: String
    /// The causes, in the order in which they act.
    public var causes: [Cause]

    /// Explains a step of `rates`.
    ///
    /// - Parameters:
    ///   - rates: The rates of the run.
    ///   - step: The 0-based update, at least 0.
    ///   - origin: The stored schedule that the job spoke of.
    public init(_ rates: RateFunction, at step: Int, from origin: JobSchedule.Origin? = nil) {
        let explanation = rates.explain(at: step)
        self.step = step
        learningRate = explanation.rate
        momentum = rates.momentum(at: step)
        let stored = origin.map { "schedule \"\($0.name)\", version \($0.version)" }
        causes =
            (stored.map { [Cause(cause: $0)] } ?? [])
            + explanation.parts.map {
                Cause(cause: $0.cause, factor: $0.factor, learningRate: $0.rate)
            }
        summary = (stored.map { "\($0); " } ?? "") + explanation.description
    }
}

extension ExplanationBody: JSONWritable {
    /// Writes the explanation.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("step", step)
            writer.field("learning_rate", learningRate)
            if let momentum { writer.field("momentum", momentum) }
            writer.field("summary", summary)
            writer.name("causes")
            writer.array { writer in
                for cause in causes {
                    writer.object { writer in
                        writer.field("cause", cause.cause)
                        writer.field("factor", cause.factor)
                        writer.field("learning_rate", cause.learningRate)
                    }
                }
            }
        }
    }

    /// Reads an explanation.
    public init?(_ document: Document) {
        guard let step = document["step"]?.integer, let rate = document["learning_rate"]?.double,
            let summary = document["summary"]?.string, let causes = document["causes"]?.array
        else { return nil }
        self.step = step
        learningRate = rate
        momentum = document["momentum"]?.double
        self.summary = summary
        self.causes = causes.compactMap { cause in
            cause["cause"]?.string.map {
                Cause(
                    cause: $0,
                    factor: cause["factor"]?.double,
                    learningRate: cause["learning_rate"]?.double
                )
            }
        }
    }
}
