/// A value that can be written as JSON.
public protocol JSONWritable {
    /// Writes the value.
    func write(to writer: inout JSONWriter)
}

extension JSONWritable {
    /// The value as JSON, UTF-8.
    public func json() -> [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }
}

extension Bool: JSONWritable {
    /// Writes `true` or `false`.
    public func write(to writer: inout JSONWriter) {
        writer.raw((self ? "true" : "false").utf8)
    }
}

extension Int: JSONWritable {
    /// Writes the integer.
    public func write(to writer: inout JSONWriter) {
        writer.raw(description.utf8)
    }
}

extension UInt64: JSONWritable {
    /// Writes the integer.
    public func write(to writer: inout JSONWriter) {
        writer.raw(description.utf8)
    }
}

extension Double: JSONWritable {
    /// Writes the number; `null` where it is not finite.
    public func write(to writer: inout JSONWriter) {
        writer.number(self)
    }
}

extension String: JSONWritable {
    /// Writes the text in quotes.
    public func write(to writer: inout JSONWriter) {
        writer.string(self)
    }
}

extension Optional: JSONWritable where Wrapped: JSONWritable {
    /// Writes the value, or `null`.
    public func write(to writer: inout JSONWriter) {
        if let self { self.write(to: &writer) } else { writer.null() }
    }
}

extension Array: JSONWritable where Element: JSONWritable {
    /// Writes the items in order.
    public func write(to writer: inout JSONWriter) {
        writer.array { writer in
            for item in self { item.write(to: &writer) }
        }
    }
}

extension Dictionary: JSONWritable where Key == String, Value: JSONWritable {
    /// Writes the members in the order of their names.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            for (name, value) in sorted(by: { $0.key < $1.key }) { writer.field(name, value) }
        }
    }
}

extension Document: JSONWritable {
    /// Writes the document; members keep their order.
    public func write(to writer: inout JSONWriter) {
        switch value {
        case .null: writer.null()
        case .bool(let flag): flag.write(to: &writer)
        case .integer(let number): number.write(to: &writer)
        case .number(let number): number.write(to: &writer)
        case .string(let text): writer.string(text)
        case .array(let items): items.write(to: &writer)
        case .object(let members):
            writer.object { writer in
                for member in members { writer.field(member.name, member.value) }
            }
        }
    }
}
