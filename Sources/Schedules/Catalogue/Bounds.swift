/// The numbers that a parameter allows; non-finite ones never.
public struct Bounds: Hashable, Sendable {
    /// The least number; `nil` where there is none.
    public let lower: Double?
    /// Whether `lower` itself is allowed.
    public let includesLower: Bool
    /// The greatest number; `nil` where there is none.
    public let upper: Double?
    /// Whether `upper` itself is allowed.
    public let includesUpper: Bool

    private init(lower: Double?, includesLower: Bool, upper: Double?, includesUpper: Bool) {
        self.lower = lower
        self.includesLower = includesLower
        self.upper = upper
        self.includesUpper = includesUpper
    }

    /// Every finite number.
    public static let any = Bounds(
        lower: nil,
        includesLower: false,
        upper: nil,
        includesUpper: false
    )
    /// Above 0.
    public static let positive = above(0)

    /// Above `lower`, without end.
    public static func above(_ lower: Double) -> Bounds {
        Bounds(lower: lower, includesLower: false, upper: nil, includesUpper: false)
    }

    /// From `lower` on, without end.
    public static func from(_ lower: Double) -> Bounds {
        Bounds(lower: lower, includesLower: true, upper: nil, includesUpper: false)
    }

    /// Above `lower`, up to and with `upper`.
    public static func above(_ lower: Double, through upper: Double) -> Bounds {
        Bounds(lower: lower, includesLower: false, upper: upper, includesUpper: true)
    }

    /// From `lower`, up to and with `upper`.
    public static func from(_ lower: Double, through upper: Double) -> Bounds {
        Bounds(lower: lower, includesLower: true, upper: upper, includesUpper: true)
    }

    /// Between `lower` and `upper`, without either.
    public static func between(_ lower: Double, _ upper: Double) -> Bounds {
        Bounds(lower: lower, includesLower: false, upper: upper, includesUpper: false)
    }

    /// Whether `number` is allowed.
    public func contains(_ number: Double) -> Bool {
        guard number.isFinite else { return false }
        if let lower, includesLower ? number < lower : number <= lower { return false }
        if let upper, includesUpper ? number > upper : number >= upper { return false }
        return true
    }
}

extension Bounds: CustomStringConvertible {
    /// The range in words: `a number above 0 and at most 1`.
    public var description: String {
        var parts: [String] = []
        if let lower { parts.append((includesLower ? "at least " : "above ") + lower.plain) }
        if let upper { parts.append((includesUpper ? "at most " : "below ") + upper.plain) }
        return parts.isEmpty ? "a finite number" : "a number " + parts.joined(separator: " and ")
    }
}
