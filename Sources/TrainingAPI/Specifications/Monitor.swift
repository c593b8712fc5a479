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

    /// The names under which a script may report what `monitor` names, sorted.
    public static func names(of monitor: String) -> [String] {
        guard let known = Monitor(word: monitor)?.rawValue else { return [monitor] }
        return (aliases.filter { $0.value == known }.map(\.key) + [known]).sorted()
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

extension ValueRule<String> {
    /// The name of a metric: one that the engine measures, by its name in other tools too, or any name
    /// under which a script reports.
    static let metricName = ValueRule(
        "the name of a metric, such as \"validation_loss\", of 1 to 100 printable characters",
        type: "string"
    ) { document in
        guard let name = document.string else { return (nil, .type) }
        let fits = (1...100).contains(name.count) && name.isPrintable
        return fits ? (Monitor(word: name)?.rawValue ?? name, .range) : (nil, .range)
    }
}

extension Monitor: JSONWritable {
    /// Writes the metric's name.
    public func write(to writer: inout JSONWriter) {
        writer.string(rawValue)
    }
}
