extension RequestHead {
    /// The client's place in a trace; nil where there is none, or one that cannot be read.
    ///
    /// Source: W3C Trace Context, section 3.2: `version-trace-parent-flags` in lower-case hexadecimal,
    /// neither identifier all zeros. One that is malformed is as good as none.
    var traceparent: String? {
        let values = fields.values(for: "traceparent")
        guard values.count == 1, let value = values.first, value.utf8.count == 55 else {
            return nil
        }
        let parts = value.utf8.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.map(\.count) == [2, 32, 16, 2],
            parts.allSatisfy({ $0.allSatisfy { $0.isDigit || (0x61...0x66).contains($0) } }),
            !parts[0].elementsEqual("ff".utf8),
            parts[1...2].allSatisfy({ $0.contains { $0 != UInt8(ascii: "0") } })
        else { return nil }
        return value
    }
}
