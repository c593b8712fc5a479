/// The decoded `name=value` pairs after a target's question mark, in their order.
public struct Query: Sendable, Hashable {
    /// One pair; a name without `=` has an empty value.
    public struct Item: Sendable, Hashable {
        /// The part before the first `=`.
        public var name: String
        /// The part after it.
        public var value: String

        /// Pairs decoded texts.
        public init(name: String, value: String) {
            self.name = name
            self.value = value
        }
    }

    /// Every pair as it came, doubles included.
    public var items: [Item]

    /// Holds decoded pairs.
    public init(items: [Item] = []) {
        self.items = items
    }

    /// The first value under a name, compared with its case.
    public func first(_ name: String) -> String? {
        items.first { $0.name == name }?.value
    }

    /// Every value under a name, in order.
    public func all(_ name: String) -> [String] {
        items.compactMap { $0.name == name ? $0.value : nil }
    }
}
