/// The course of the cooldown of a warmup-stable-decay schedule, at its progress x in [0, 1].
public enum CooldownShape: Hashable, Sendable {
    /// 1 − √x: the fastest fall at once. Source: Hägele et al. 2024, section 4.
    case oneMinusSquareRoot
    /// 1 − x; the whole is a trapezoid.
    case linear
    /// ½ (1 + cos πx).
    case cosine
    /// 1 − x^power; power above 0.
    case power(Double)
    /// (r^x − r) / (1 − r) with a ratio r above 0 and below 1.
    case exponential(ratio: Double)

    /// The word of the written form.
    enum Word: String, CaseIterable {
        case oneMinusSquareRoot = "one_minus_sqrt"
        case linear, cosine, power, exponential
    }
}
