/// Four random words as a pure function of a key and a counter.
///
/// Ten rounds. Each counter gives four words that no other counter of the same key is likelier to
/// give; there is no state to save.
///
/// Source: Salmon, Moraes, Dror & Shaw 2011, "Parallel random numbers: as easy as 1, 2, 3",
/// Philox4x32-10.
package struct Philox4x32: Hashable, Sendable {
    /// The key; different keys give independent streams.
    package let key: SIMD2<UInt32>

    /// Makes the generator of one stream.
    package init(key: SIMD2<UInt32>) {
        self.key = key
    }

    /// The four words at `counter`.
    package func callAsFunction(_ counter: SIMD4<UInt32>) -> SIMD4<UInt32> {
        // Single words: a vector would be taken apart and put together in every round.
        var (x, y, z, w) = (counter.x, counter.y, counter.z, counter.w)
        var (low, high) = (key.x, key.y)
        for _ in 0..<10 {
            let even = 0xD251_1F53 &* UInt64(x)
            let odd = 0xCD9E_8D57 &* UInt64(z)
            x = UInt32(truncatingIfNeeded: odd >> 32) ^ y ^ low
            y = UInt32(truncatingIfNeeded: odd)
            z = UInt32(truncatingIfNeeded: even >> 32) ^ w ^ high
            w = UInt32(truncatingIfNeeded: even)
            low &+= 0x9E37_79B9
            high &+= 0xBB67_AE85
        }
        return SIMD4(x, y, z, w)
    }
}
