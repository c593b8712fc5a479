/// A list that is answered whole.
public struct ListBody<Item: Sendable>: Sendable {
    /// The items.
    public var items: [Item]

    /// Makes a list.
    public init(_ items: [Item]) {
        self.items = items
    }

    /// Reads a list whose items `read` makes; one that cannot be read spoils the list.
    public init?(_ document: Document, reading read: (Document) -> Item?) {
        guard let found = document["items"]?.array else { return nil }
        items = found.compactMap(read)
        guard items.count == found.count else { return nil }
    }
}

extension ListBody: JSONWritable where Item: JSONWritable {
    /// Writes the items, and that no page follows.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("items", items)
            writer.field("next_cursor", String?.none)
        }
    }
}
