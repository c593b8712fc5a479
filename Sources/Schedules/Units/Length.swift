/// A stretch of training with its unit; it becomes whole steps against a run, once.
///
/// Written `{"steps": 500}`, `{"epochs": 2.5}`, `{"fraction": 0.1}`, or in short forms `"500ba"`, `"2.5ep"`,
/// `"0.1dur"`, `"10%"`. A fraction is always of the whole run.
public enum Length: Hashable, Sendable {
    /// A number of optimizer updates; at least 1.
    case steps(Int)
    /// A number of epochs, above 0; it need not be whole.
    case epochs(Double)
    /// A share of the whole run, above 0 and at most 1.
    case fraction(Double)

    /// The length in optimizer updates: rounded half up, at least 1.
    ///
    /// - Parameter run: The run of which fractions and epochs are taken.
    /// - Returns: A count of steps; `Int.max` where it would not fit.
    public func steps(in run: Run) -> Int {
        max(1, position(in: run))
    }

    /// The step at which a mark of this distance from the start stands: rounded half up, 0 allowed.
    func position(in run: Run) -> Int {
        switch self {
        case .steps(let count): count
        case .epochs(let epochs): Self.rounded(epochs * Double(run.stepsPerEpoch))
        case .fraction(let share): Self.rounded(share * Double(run.totalSteps))
        }
    }

    /// What is wrong with the number, as `(value, requirement)`; `nil` where it is a length.
    func fault(allowsZero: Bool = false) -> (value: String, requirement: String)? {
        switch self {
        case .steps(let count):
            let least = allowsZero ? 0 : 1
            return count >= least ? nil : ("\(count) steps", "at least \(least) step")
        case .epochs(let epochs):
            if allowsZero, epochs == 0 { return nil }
            return epochs > 0 && epochs.isFinite ? nil : ("\(epochs) epochs", "a number above 0")
        case .fraction(let share):
            if allowsZero, share == 0 { return nil }
            return share > 0 && share <= 1
                ? nil : ("a fraction of \(share)", "a fraction above 0 and at most 1")
        }
    }

    /// Whether `self` comes before `other` where both have one unit; `nil` where only a run can tell.
    func precedes(_ other: Length) -> Bool? {
        switch (self, other) {
        case (.steps(let left), .steps(let right)): left < right
        case (.epochs(let left), .epochs(let right)): left < right
        case (.fraction(let left), .fraction(let right)): left < right
        default: nil
        }
    }

    private static func rounded(_ steps: Double) -> Int {
        let whole = (steps + 0.5).rounded(.down)
        return whole < 0x1p62 ? Int(whole) : Int.max
    }
}

extension Length: CustomStringConvertible {
    /// The short form that `init(parsing:)` reads back: `500ba`, `2.5ep`, `0.1dur`.
    public var description: String {
        switch self {
        case .steps(let count): "\(count)ba"
        case .epochs(let epochs): "\(epochs.plain)ep"
        case .fraction(let share): "\(share.plain)dur"
        }
    }

    /// Reads a short form: `500ba` (steps), `2.5ep` (epochs), `0.1dur` or `10%` (of the whole run).
    ///
    /// The result is `nil` where the text is no length, or one that is not above 0.
    ///
    /// - Parameter text: The short form, without spaces.
    public init?(parsing text: String) {
        func number(before suffix: String) -> Double? {
            guard text.hasSuffix(suffix) else { return nil }
            let digits = text.dropLast(suffix.count)
            guard let first = digits.first, first.isASCII, first.isNumber || first == "." else {
                return nil
            }
            return Double(digits)
        }
        if let count = number(before: "ba") {
            guard let whole = Int(exactly: count) else { return nil }
            self = .steps(whole)
        } else if let epochs = number(before: "ep") {
            self = .epochs(epochs)
        } else if let share = number(before: "dur") {
            self = .fraction(share)
        } else if let percent = number(before: "%") {
            self = .fraction(percent / 100)
        } else {
            return nil
        }
        guard fault() == nil else { return nil }
    }
}

extension Length: Codable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case steps, epochs, fraction
    }

    /// Reads an object with one of `steps`, `epochs`, `fraction`, or a short form.
    ///
    /// - Parameter decoder: Where to read from.
    /// - Throws: `DecodingError` that says what a length looks like.
    public init(from decoder: any Decoder) throws {
        if let text = try? decoder.singleValueContainer().decode(String.self) {
            // Not a string is no failure: the object form is read next.
            guard let length = Length(parsing: text) else {
                throw DecodingError.dataCorrupted(
                    .init(
                        codingPath: decoder.codingPath,
                        debugDescription:
                            "\"\(text)\" is no length; write \"500ba\", \"5ep\", \"0.1dur\" or \"10%\""
                    )
                )
            }
            self = length
            return
        }
        let container = try decoder.container(keyedBy: CodingKeys.self)
        guard container.allKeys.count == 1, let key = container.allKeys.first else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "a length has exactly one of steps, epochs, fraction"
                )
            )
        }
        switch key {
        case .steps: self = .steps(try container.decode(Int.self, forKey: .steps))
        case .epochs: self = .epochs(try container.decode(Double.self, forKey: .epochs))
        case .fraction: self = .fraction(try container.decode(Double.self, forKey: .fraction))
        }
    }

    /// Writes the object form.
    ///
    /// - Parameter encoder: Where to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .steps(let count): try container.encode(count, forKey: .steps)
        case .epochs(let epochs): try container.encode(epochs, forKey: .epochs)
        case .fraction(let share): try container.encode(share, forKey: .fraction)
        }
    }
}
