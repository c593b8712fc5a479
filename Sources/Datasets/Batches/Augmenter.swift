import Glibc

/// Random changes of a batch's rows, as torchvision defines them, in the order crop, flip, erase, mix.
///
/// What happens to a row is a function of (seed, update, row): neither the batch's size nor its order
/// changes it. How a batch is mixed is a function of (seed, update, place of the batch in it). Confined
/// to the thread that trains; nothing is allocated after the first batch.
package final class Augmenter {
    /// What is changed, and how likely.
    package struct Rule: Hashable, Sendable {
        /// The pixels around an image in which a window of its size is moved; they are what a pixel of
        /// zeros becomes when scaled.
        package var cropPadding: Int?
        /// How likely an image is mirrored left to right.
        package var flipProbability = 0.0
        /// How likely a rectangle becomes 0 after scaling.
        package var erasingProbability = 0.0
        /// The parameter of the beta distribution of a batch's share in its mixture.
        package var mixupAlpha: Double?

        /// No change.
        package init() {}
    }

    /// The layers of the random stream; those of mixing begin at `mixing`, two for each batch.
    private enum Layer {
        static let moving = 0
        static let erasing = 1
        static let mixing = 16
    }

    /// How often a rectangle is drawn that may fit; then none is erased.
    private static let erasingAttempts = 10

    private let rule: Rule
    private let seed: UInt64
    private let height: Int
    private let width: Int
    private let channels: Int
    private let padding: [Float]
    private let moving: RandomStream
    private let erasing: [RandomStream]
    private let image: UnsafeMutablePointer<Float>
    private var partners: [UInt32] = []

    /// Changes rows of `description`; `shift` is what a feature of 0 becomes when scaled.
    init(_ rule: Rule, of description: DatasetDescription, shift: [Float], seed: UInt64) {
        self.rule = rule
        self.seed = seed
        let isImages = description.content == .images
        height = isImages ? description.featureShape[0] : 1
        width = isImages ? description.featureShape[1] : 1
        channels = isImages ? description.featureShape[2] : description.features
        padding = Array(shift.prefix(channels))
        moving = RandomStream(seed: seed, purpose: .augmentation, layer: Layer.moving)
        erasing = (0..<Self.erasingAttempts).map {
            RandomStream(seed: seed, purpose: .augmentation, layer: Layer.erasing + $0)
        }
        image = .allocate(capacity: description.features)
        image.initialize(repeating: 0, count: description.features)
    }

    deinit {
        image.deallocate()
    }

    /// Changes the batch that holds `rows`.
    func change(
        _ batch: BatchMemory,
        _ rows: UnsafeBufferPointer<UInt32>,
        step: Int,
        microbatch: Int
    ) {
        let features = height * width * channels
        for (place, row) in rows.enumerated() {
            let pixels = batch.features + place * features
            let draw = moving.words(step: UInt64(step), block: row)
            if let padding = rule.cropPadding { crop(pixels, padding, draw) }
            if isHit(draw.z, rule.flipProbability) { flip(pixels) }
            if isHit(draw.w, rule.erasingProbability) { erase(pixels, row, step) }
        }
        if let alpha = rule.mixupAlpha {
            mix(batch, rows.count, alpha, step: step, microbatch: microbatch)
        }
    }

    private func isHit(_ word: UInt32, _ probability: Double) -> Bool {
        Double(word) * 0x1p-32 < probability
    }

    /// A whole number in 0..<`count`.
    private func choose(_ word: UInt32, _ count: Int) -> Int {
        Int((UInt64(word) * UInt64(count)) >> 32)
    }

    private func crop(
        _ pixels: UnsafeMutablePointer<Float>,
        _ padding: Int,
        _ draw: SIMD4<UInt32>
    ) {
        let down = choose(draw.x, 2 * padding + 1) - padding
        let right = choose(draw.y, 2 * padding + 1) - padding
        guard down != 0 || right != 0 else { return }
        image.update(from: pixels, count: height * width * channels)
        for y in 0..<height {
            for x in 0..<width {
                let (fromY, fromX) = (y + down, x + right)
                let isInside = fromY >= 0 && fromY < height && fromX >= 0 && fromX < width
                for channel in 0..<channels {
                    pixels[(y * width + x) * channels + channel] =
                        isInside
                        ? image[(fromY * width + fromX) * channels + channel]
                        : self.padding[channel]
                }
            }
        }
    }

    private func flip(_ pixels: UnsafeMutablePointer<Float>) {
        for y in 0..<height {
            let line = pixels + y * width * channels
            for x in 0..<width / 2 {
                let other = width - 1 - x
                for channel in 0..<channels {
                    let value = line[x * channels + channel]
                    line[x * channels + channel] = line[other * channels + channel]
                    line[other * channels + channel] = value
                }
            }
        }
    }

    /// Source: Zhong, Zheng, Kang, Li & Yang 2017, "Random erasing data augmentation", with
    /// torchvision's constants.
    private func erase(_ pixels: UnsafeMutablePointer<Float>, _ row: UInt32, _ step: Int) {
        for stream in erasing {
            let draw = stream.words(step: UInt64(step), block: row)
            let share = 0.02 + 0.31 * Double(draw.x) * 0x1p-32
            let ratio = exp(log(0.3) + Double(draw.y) * 0x1p-32 * (log(3.3) - log(0.3)))
            let area = Double(height * width) * share
            let high = Int((area * ratio).squareRoot().rounded())
            let wide = Int((area / ratio).squareRoot().rounded())
            guard high < height, wide < width else { continue }
            let top = choose(draw.z, height - high + 1)
            let left = choose(draw.w, width - wide + 1)
            for y in top..<top + high {
                let start = (y * width + left) * channels
                (pixels + start).update(repeating: 0, count: wide * channels)
            }
            return
        }
    }
}

extension Augmenter {
    /// Mixes each row with a partner of the same batch, all by the same share.
    private func mix(
        _ batch: BatchMemory,
        _ rows: Int,
        _ alpha: Double,
        step: Int,
        microbatch: Int
    ) {
        let layer = Layer.mixing + 2 * microbatch
        let shares = RandomStream(seed: seed, purpose: .augmentation, layer: layer)
        let order = RandomStream(seed: seed, purpose: .augmentation, layer: layer + 1)
        let share = Float(Self.beta(alpha, shares, UInt64(step)))
        partners.removeAll(keepingCapacity: true)
        partners.reserveCapacity(batch.capacity)
        for row in 0..<UInt32(rows) { partners.append(row) }
        order.shuffle(&partners, step: UInt64(step))
        blend(batch.features, height * width * channels, share, batch.copies)
        switch batch.target {
        case .classes:
            for (row, partner) in partners.enumerated() {
                batch.otherLabels[row] = batch.labels[Int(partner)]
            }
            batch.share = share
        case .values(let count):
            blend(batch.targets, count, share, batch.copies)
        }
    }

    private func blend(
        _ values: UnsafeMutablePointer<Float>,
        _ width: Int,
        _ share: Float,
        _ copies: UnsafeMutablePointer<Float>
    ) {
        copies.update(from: values, count: partners.count * width)
        for (row, partner) in partners.enumerated() {
            let (target, other) = (values + row * width, copies + Int(partner) * width)
            for column in 0..<width {
                target[column] = share * target[column] + (1 - share) * other[column]
            }
        }
    }

    /// A draw from Beta(alpha, alpha), of two gamma draws.
    private static func beta(_ alpha: Double, _ stream: RandomStream, _ step: UInt64) -> Double {
        var index = 0
        let first = gamma(alpha, stream, step, &index)
        let second = gamma(alpha, stream, step, &index)
        // Both are 0 where alpha is so small that only the ends are left.
        guard first + second > 0 else { return 1 }
        return first / (first + second)
    }

    /// Source: Marsaglia & Tsang 2000, "A simple method for generating gamma variables".
    private static func gamma(
        _ alpha: Double,
        _ stream: RandomStream,
        _ step: UInt64,
        _ index: inout Int
    ) -> Double {
        func uniform() -> Double {
            defer { index += 1 }
            return (Double(stream.words(step: step, block: UInt32(index)).x) + 1) * 0x1p-32
        }
        guard alpha >= 1 else {
            let larger = gamma(alpha + 1, stream, step, &index)
            return larger * pow(uniform(), 1 / alpha)
        }
        let d = alpha - 1 / 3.0
        let c = 1 / (9 * d).squareRoot()
        while true {
            let x = stream.normal(step: step, index: index)
            index += 1
            let u = uniform()
            let v = (1 + c * x) * (1 + c * x) * (1 + c * x)
            if v > 0, log(u) < 0.5 * x * x + d - d * v + d * log(v) { return d * v }
        }
    }
}
