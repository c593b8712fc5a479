/// Learning rates that the service lets a worker use, step by step.
///
/// A worker computes no rates: it applies those granted to it, and waits for the next grant at the end
/// of one. What was granted is binding; an edit holds from the first step after it.
public struct Grant: Hashable, Sendable {
    /// The first step granted.
    public let fromStep: Int
    /// The rate of each step from `fromStep`.
    public let learningRates: [Double]
    /// The momentum of each step from `fromStep`, where the schedule moves it; else the optimizer's own
    /// holds.
    public let momenta: [Double]?

    /// The first step after the grant.
    public var toStep: Int { fromStep + learningRates.count }

    /// Makes a grant.
    public init(fromStep: Int, learningRates: [Double], momenta: [Double]? = nil) {
        self.fromStep = fromStep
        self.learningRates = learningRates
        self.momenta = momenta
    }
}

extension Grant: JSONWritable {
    /// Writes the grant; its columns in base64.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("from_step", fromStep)
            writer.field("to_step", toStep)
            writer.field("learning_rates", DoubleColumn(learningRates))
            if let momenta { writer.field("momenta", DoubleColumn(momenta)) }
        }
    }

    /// Reads a grant.
    public init?(_ document: Document) {
        guard let from = document["from_step"]?.integer,
            let rates = document["learning_rates"].flatMap({ DoubleColumn($0) })
        else { return nil }
        self.init(
            fromStep: from,
            learningRates: rates.values,
            momenta: document["momenta"].flatMap { DoubleColumn($0)?.values }
        )
    }
}
