/// The identifiers of a shard's requests: 22 hexadecimal digits that name server, shard and count.
struct RequestIdentifiers {
    private let prefix: [UInt8]
    private var count = 0

    /// Begins to count.
    ///
    /// - Parameters:
    ///   - instance: Eight digits that differ from one start of the server to the next.
    ///   - shard: The shard's number, below 256.
    init(instance: [UInt8], shard: Int) {
        var prefix = instance
        prefix.append(hexadecimal: shard >> 4 & 15)
        prefix.append(hexadecimal: shard & 15)
        self.prefix = prefix
    }

    mutating func next() -> String {
        count += 1
        var rest = count
        return String(unsafeUninitializedCapacity: 22) { buffer in
            _ = buffer.update(fromContentsOf: prefix)
            for index in stride(from: 21, through: 10, by: -1) {
                let digit = UInt8(rest & 15)
                buffer[index] = digit < 10 ? digit + 0x30 : digit + 0x57
                rest >>= 4
            }
            return 22
        }
    }
}
