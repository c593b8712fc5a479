/// Which threads run a route's handler.
public enum PoolName: Sendable, Hashable, CaseIterable {
    /// The threads for most routes.
    case general
    /// Threads apart, for routes that must be answered when the general ones are all busy.
    case reserved
}
