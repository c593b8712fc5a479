/// What training makes small: the mean over a batch's rows of a loss.
///
/// Evaluation takes the same loss without label smoothing and class weights, so that jobs that differ
/// in these can be compared.
public struct LossSpecification: Hashable, Sendable {
    /// A row's loss.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// `-Σ q · log softmax(logits)`, q the label's class, smoothed: `1 - s + s/K` for the label's
        /// class and `s/K` for each other of K; each class's term is multiplied by its weight, and
        /// the mean is over the weights of the labels' classes, as torch has it.
        case crossEntropy = "cross_entropy"
        /// `(output - target)²`, the mean over the target's columns.
        case meanSquaredError = "mean_squared_error"
        /// `d²/2` for differences d of up to delta, `delta · (|d| - delta/2)` beyond, the mean over
        /// the target's columns.
        ///
        /// Source: Huber 1964, "Robust estimation of a location parameter".
        case huber
    }

    /// The loss; `nil` for that of the kind of target: `crossEntropy` for classes,
    /// `meanSquaredError` for values.
    public var kind: Kind?
    /// The share of a label that is spread over all classes, in [0, 1); 0 by default.
    ///
    /// Source: Szegedy et al. 2016, "Rethinking the Inception architecture", section 7.
    public var labelSmoothing: Double
    /// Each class's weight in the loss, by class; empty for equal weights.
    public var classWeights: [Double]
    /// Where Huber's loss becomes linear; 1 by default.
    public var huberDelta: Double

    /// Makes a loss.
    public init(
        _ kind: Kind? = nil,
        labelSmoothing: Double = 0,
        classWeights: [Double] = [],
        huberDelta: Double = 1
    ) {
        self.kind = kind
        self.labelSmoothing = labelSmoothing
        self.classWeights = classWeights
        self.huberDelta = huberDelta
    }
}
