/// How a drawn curve goes from knot to knot.
public enum KnotShape: String, Hashable, Sendable, CaseIterable {
    /// In straight lines.
    case linear
    /// In half cosines, flat at each knot.
    case cosine
    /// In straight lines on a logarithmic scale; rates above 0 alone.
    case logarithmic
}
