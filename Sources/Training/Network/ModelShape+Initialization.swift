import Datasets
import Foundation
import TrainingAPI

extension ModelShape {
    /// Fills parameters and buffers with what a training begins with.
    ///
    /// Each layer with weights has its own stream, by its depth: draw i is that of the ith weight in
    /// row-major order, and the biases' draws follow the weights'. Scales and running variances
    /// begin at 1, shifts and running means at 0.
    func initialize(
        _ parameters: FloatBuffer,
        buffers: FloatBuffer,
        by initialization: Initialization,
        seed: UInt64
    ) {
        for tensor in self.parameters.tensors {
            let values = UnsafeMutableBufferPointer(
                start: parameters.elements + tensor.offset,
                count: tensor.count
            )
            switch tensor.role {
            case .weight:
                let stream = RandomStream(
                    seed: seed,
                    purpose: .initialWeights,
                    layer: tensor.depth
                )
                initialization.draw(values, of: tensor, stream)
            case .bias: initializeBias(values, of: tensor, by: initialization, seed: seed)
            case .normScale: values.update(repeating: 1)
            case .normShift, .statistic: values.update(repeating: 0)
            }
        }
        for tensor in self.buffers.tensors where tensor.name.hasSuffix("running_var") {
            (buffers.elements + tensor.offset).update(repeating: 1, count: tensor.count)
        }
    }

    /// Biases are 0 but with PyTorch's default, which draws them as it draws the weights.
    private func initializeBias(
        _ values: UnsafeMutableBufferPointer<Float>,
        of bias: ParameterTensor,
        by initialization: Initialization,
        seed: UInt64
    ) {
        let weight = parameters.tensors.first { $0.depth == bias.depth && $0.role == .weight }
        guard initialization.scheme == .pytorch, let weight else {
            return values.update(repeating: 0)
        }
        let stream = RandomStream(seed: seed, purpose: .initialWeights, layer: bias.depth)
        let bound = Float(1 / Double(weight.fanIn).squareRoot())
        for index in values.indices {
            values[index] = (2 * stream.uniform(step: 0, index: weight.count + index) - 1) * bound
        }
    }
}

extension Initialization {
    /// Draws a tensor of weights.
    fileprivate func draw(
        _ values: UnsafeMutableBufferPointer<Float>,
        of tensor: ParameterTensor,
        _ stream: RandomStream
    ) {
        let (fanIn, fanOut) = (Double(tensor.fanIn), Double(tensor.fanOut))
        func uniform(_ bound: Double) {
            let bound = Float(bound)
            for index in values.indices {
                values[index] = (2 * stream.uniform(step: 0, index: index) - 1) * bound
            }
        }
        func normal(_ deviation: Double) {
            for index in values.indices {
                values[index] = Float(deviation * stream.normal(step: 0, index: index))
            }
        }
        switch scheme {
        case .pytorch: uniform((1 / fanIn).squareRoot())
        case .kaimingUniform, .lecunUniform: uniform(gain * (3 / fanIn).squareRoot())
        case .kaimingNormal, .lecunNormal: normal(gain * (1 / fanIn).squareRoot())
        case .xavierUniform: uniform(gain * (6 / (fanIn + fanOut)).squareRoot())
        case .xavierNormal: normal(gain * (2 / (fanIn + fanOut)).squareRoot())
        case .normal: normal(gain)
        case .orthogonal:
            normal(1)
            values.orthogonalize(rows: tensor.shape[0], columns: tensor.fanIn, length: Float(gain))
        case .zeros: values.update(repeating: 0)
        }
    }
}

extension UnsafeMutableBufferPointer<Float> {
    /// Makes a matrix's rows, or its columns where those are fewer, orthogonal and of `length`.
    ///
    /// Gram and Schmidt's process in doubles, each vector cleared twice of those before it, which is
    /// as good as Householder's: of normal numbers it draws from the uniform distribution, as a QR
    /// decomposition does whose diagonal is made positive.
    fileprivate func orthogonalize(rows: Int, columns: Int, length: Float) {
        let (vectors, size) = (Swift.min(rows, columns), Swift.max(rows, columns))
        let (step, next) = rows <= columns ? (1, columns) : (columns, 1)
        var basis = [Double](repeating: 0, count: vectors * size)
        basis.withUnsafeMutableBufferPointer { basis in
            for vector in 0..<vectors {
                let own = vector * size
                for place in 0..<size {
                    basis[own + place] = Double(self[vector * next + place * step])
                }
                for other in (0..<vector).map({ $0 * size }) + (0..<vector).map({ $0 * size }) {
                    var product = 0.0
                    for place in 0..<size { product += basis[own + place] * basis[other + place] }
                    for place in 0..<size { basis[own + place] -= product * basis[other + place] }
                }
                var square = 0.0
                for place in 0..<size { square += basis[own + place] * basis[own + place] }
                let factor = 1 / square.squareRoot()
                for place in 0..<size {
                    basis[own + place] *= factor
                    self[vector * next + place * step] = length * Float(basis[own + place])
                }
            }
        }
    }
}
