import Foundation

/// The random numbers of one purpose, as pure functions of (step, index).
///
/// Philox is keyed by the seed's low and high words; its counter holds, from the first word to the
/// last: the block (index / 4), the layer and purpose (24 and 8 bits), and the step's low and high
/// words. So two draws share their bits only where seed, purpose, layer, step and index are equal,
/// and a resumed job needs no saved state.
package struct RandomStream: Hashable, Sendable {
    /// What random numbers are for; each purpose has its own stream.
    package enum Purpose: UInt8, Sendable {
        /// The initial weights; `layer` is the linear layer's place.
        case initialWeights = 0
        /// The order of the training rows; `step` is the epoch.
        case order = 1
        /// The rows set aside to validate on; `step` is the hash's first 64 bits, `layer` the class.
        case split = 2
        /// The points of a synthetic dataset; `layer` is the split's place, `step` the row.
        case synthesis = 3
        /// What dropout leaves out; `layer` is the dropout layer's place among such, `step` the
        /// update.
        case dropout = 4
        /// Random changes of training rows; `step` is the update.
        case augmentation = 5
        /// The labels that are made wrong; `step` is the hash's first 64 bits.
        case labelNoise = 6
        /// The rows of an upload that become its split `test`; `layer` is the class.
        case testSplit = 7
    }

    /// The generator, for kernels that draw many numbers at once.
    package let philox: Philox4x32
    /// The counter's second word.
    package let layerAndPurpose: UInt32

    /// Makes the stream of `purpose` for `layer`, which is below 2²⁴, under `seed`.
    package init(seed: UInt64, purpose: Purpose, layer: Int = 0) {
        precondition((0..<1 << 24).contains(layer), "a layer is in 0..<2²⁴, got \(layer)")
        philox = Philox4x32(
            key: SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
        )
        layerAndPurpose = UInt32(layer) | UInt32(purpose.rawValue) << 24
    }

    /// The words of indices `4 · block` to `4 · block + 3` at `step`.
    package func words(step: UInt64, block: UInt32) -> SIMD4<UInt32> {
        philox(
            SIMD4(
                block,
                layerAndPurpose,
                UInt32(truncatingIfNeeded: step),
                UInt32(truncatingIfNeeded: step >> 32)
            )
        )
    }

    /// A float in [0, 1), a multiple of 2⁻²⁴: the upper 24 bits of the word at `index`.
    package func uniform(step: UInt64, index: Int) -> Float {
        let word = words(step: step, block: UInt32(index / 4))[index % 4]
        return Float(word >> 8) * 0x1p-24
    }

    /// A double of mean 0 and deviation 1.
    ///
    /// `√(-2 ln u) · cos(2π v)` of `u = (a + 1) / 2³²` and `v = b / 2³²`, where a and b are the
    /// first two words of block `index`. Its last bits depend on the C library's `log` and `cos`.
    ///
    /// Source: Box & Muller 1958, "A note on the generation of random normal deviates".
    package func normal(step: UInt64, index: Int) -> Double {
        let words = words(step: step, block: UInt32(index))
        let radius = (-2 * log((Double(words.x) + 1) * 0x1p-32)).squareRoot()
        return radius * cos(2 * .pi * Double(words.y) * 0x1p-32)
    }

    /// Puts `rows` into a random order, the same one for the same stream, step and count.
    ///
    /// Fisher and Yates's shuffle from the end: place i is swapped with place ⌊w · (i + 1) / 2⁶⁴⌋,
    /// where w is the next pair of words, low word first. The bias is below (i + 1) / 2⁶⁴.
    package func shuffle(_ rows: inout [UInt32], step: UInt64) {
        rows.withUnsafeMutableBufferPointer { rows in
            var words = SIMD4<UInt32>()
            for (draw, place) in (1..<max(1, rows.count)).reversed().enumerated() {
                if draw.isMultiple(of: 2) {
                    words = self.words(step: step, block: UInt32(draw / 2))
                }
                let pair = draw.isMultiple(of: 2) ? words.lowHalf : words.highHalf
                let word = UInt64(pair.x) | UInt64(pair.y) << 32
                rows.swapAt(place, Int(word.multipliedFullWidth(by: UInt64(place + 1)).high))
            }
        }
    }
}
