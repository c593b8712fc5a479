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
        var words = counter
        var roundKey = key
        for _ in 0..<10 {
            let even = UInt32(0xD251_1F53).multipliedFullWidth(by: words.x)
            let odd = UInt32(0xCD9E_8D57).multipliedFullWidth(by: words.z)
            words = SIMD4(
                odd.high ^ words.y ^ roundKey.x,
                odd.low,
                even.high ^ words.w ^ roundKey.y,
                even.low
            )
            roundKey &+= SIMD2(0x9E37_79B9, 0xBB67_AE85)
        }
        return words
    }
}
