/// A learning rate, or a multiplier inside a product, that a curve reaches: absolute or relative to the peak.
///
/// Written `0.001` or `{"fraction_of_peak": 0.1}`.
public enum Target: Hashable, Sendable {
    /// A rate as it is; finite and at least 0.
    case value(Double)
    /// A share of the peak, finite and at least 0.
    case fractionOfPeak(Double)

    /// The rate that is meant where the peak is `peak`.
    func rate(peak: Double) -> Double {
        switch self {
        case .value(let rate): rate
        case .fractionOfPeak(let share): share * peak
        }
    }

    /// What is wrong with the number, as `(value, requirement)`; `nil` where it is a target.
    var fault: (value: String, requirement: String)? {
        switch self {
        case .value(let number), .fractionOfPeak(let number):
            number >= 0 && number.isFinite ? nil : ("\(number)", "finite and at least 0")
        }
    }
}

extension Target: CustomStringConvertible {
    /// The number, or the share with its unit.
    public var description: String {
        switch self {
        case .value(let rate): rate.plain
        case .fractionOfPeak(let share): "\(share.plain) of the peak"
        }
    }
}

extension Target: Codable {
    private enum CodingKeys: String, CodingKey {
        case fractionOfPeak = "fraction_of_peak"
    }

    /// Reads a number or an object with `fraction_of_peak`.
    ///
    /// - Parameter decoder: Where to read from.
    /// - Throws: `DecodingError` where it is neither.
    public init(from decoder: any Decoder) throws {
        // Not a number is no failure: the object form is read next.
        if let rate = try? decoder.singleValueContainer().decode(Double.self) {
            self = .value(rate)
        } else {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            self = .fractionOfPeak(try container.decode(Double.self, forKey: .fractionOfPeak))
        }
    }

    /// Writes the form that was read.
    ///
    /// - Parameter encoder: Where to write to.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .value(let rate):
            var container = encoder.singleValueContainer()
            try container.encode(rate)
        case .fractionOfPeak(let share):
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(share, forKey: .fractionOfPeak)
        }
    }
}
