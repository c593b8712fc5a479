/// A metric that decisions are made on: reductions of the rate, the choice of the best weights.
public enum Monitor: String, Hashable, Sendable, CaseIterable {
    /// The mean loss over the last epoch's samples, as they were trained on.
    case trainLoss = "train_loss"
    /// The mean loss on the validation rows.
    case validationLoss = "validation_loss"
    /// The share of validation rows classified right.
    case validationAccuracy = "validation_accuracy"

    /// Whether more is better.
    public var isMaximized: Bool { self == .validationAccuracy }

    /// Whether there is a value only where rows are set aside to validate on.
    public var needsValidation: Bool { self != .trainLoss }

    /// The monitor that `word` names, by its own name or by one of other tools.
    public init?(word: String) {
        self.init(rawValue: Self.aliases[word] ?? word)
    }

    private static let aliases = [
        "val_loss": "validation_loss", "eval_loss": "validation_loss",
        "valid_loss": "validation_loss", "val_acc": "validation_accuracy",
        "val_accuracy": "validation_accuracy", "eval_accuracy": "validation_accuracy",
        "training_loss": "train_loss",
    ]
}

extension ValueRule<Monitor> {
    /// A metric by its name, or by its name in other tools.
    static let monitor: ValueRule = {
        let words = Monitor.allCases.map(\.rawValue)
        let expectation = "one of \(words.map { "\"\($0)\"" }.joined(separator: ", "))"
        return ValueRule(expectation, type: "string", choices: words) { document in
            guard let word = document.string else { return (nil, .type) }
            return (Monitor(word: word), .range)
        }
    }()
}

extension Monitor: JSONWritable {
    /// Writes the metric's name.
    public func write(to writer: inout JSONWriter) {
        writer.string(rawValue)
    }
}
