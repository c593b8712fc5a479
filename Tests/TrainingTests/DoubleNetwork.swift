import Foundation
import TrainingAPI

@testable import Datasets

/// A model's loss in doubles, by the definitions and nothing else: no blocks and no fusion.
///
/// Images are [channels][height][width] per row, as torch has them.
struct DoubleNetwork {
    let shape: ModelShape
    let loss: LossSpecification
    /// Whether batch normalization takes the running statistics, and which.
    var running: [Double]?
    /// The update whose masks dropout has, under the seed 5; nil for no dropout.
    var step: UInt64?

    /// The mean loss of rows whose labels, or values, are given.
    func loss(_ parameters: [Double], rows: [[Double]], labels: [Int], values: [[Double]]) -> Double
    {
        let outputs = run(shape.layers, parameters, rows)
        guard values.isEmpty else {
            var sum = 0.0
            for (outputs, targets) in zip(outputs, values) {
                for (output, target) in zip(outputs, targets) {
                    sum += valueLoss(output - target) / Double(targets.count)
                }
            }
            return sum / Double(rows.count)
        }
        var (sum, weight) = (0.0, 0.0)
        for (logits, label) in zip(outputs, labels) {
            let logarithm = log(logits.map(exp).reduce(0, +))
            let count = Double(logits.count)
            for (index, logit) in logits.enumerated() {
                let own = loss.classWeights.isEmpty ? 1 : loss.classWeights[index]
                let target =
                    loss.labelSmoothing / count
                    + (index == label ? 1 - loss.labelSmoothing : 0)
                sum += own * target * (logarithm - logit)
            }
            weight += loss.classWeights.isEmpty ? 1 : loss.classWeights[label]
        }
        return sum / weight
    }

    private func valueLoss(_ off: Double) -> Double {
        guard loss.kind == .huber else { return off * off }
        let (size, delta) = (abs(off), loss.huberDelta)
        return size <= delta ? size * size / 2 : delta * (size - delta / 2)
    }

    /// What goes out of `layers` for each row.
    func run(
        _ layers: [LayerPlan],
        _ parameters: [Double],
        _ rows: [[Double]]
    ) -> [[Double]] {
        layers.reduce(rows) { rows, layer in
            switch layer.operation {
            case .linear(let weight, let bias):
                rows.map { multiply($0, weight, bias, parameters) }
            case .convolution(let window, let weight, let bias):
                rows.map { convolve($0, layer, window, weight, bias, parameters) }
            case .maxPool(let window):
                rows.map { pool($0, layer, window) { $0.max() ?? 0 } }
            case .averagePool(let window):
                rows.map { row in
                    pool(row, layer, window) {
                        $0.reduce(0, +) / Double(window.size * window.size)
                    }
                }
            case .globalAveragePool:
                rows.map { row in
                    let places = layer.input.count / layer.input.channels
                    return (0..<layer.input.channels).map { channel in
                        row[channel * places..<(channel + 1) * places].reduce(0, +)
                            / Double(places)
                    }
                }
            case .batchNorm(let plan): normalize(rows, layer, plan, parameters)
            case .activation(let function): rows.map { $0.map { apply(function, $0) } }
            case .dropout(let rate, let place): drop(rows, rate, place)
            case .flatten: rows
            case .residual(let inner):
                zip(rows, run(inner, parameters, rows)).map { zip($0, $1).map(+) }
            }
        }
    }

    private func apply(_ function: LayerSpecification.Activation, _ x: Double) -> Double {
        switch function {
        case .relu: max(0, x)
        case .gelu: x * erfc(-x / 2.0.squareRoot()) / 2
        case .tanh: tanh(x)
        case .silu: x / (1 + exp(-x))
        }
    }

    private func drop(_ rows: [[Double]], _ rate: Double, _ place: Int) -> [[Double]] {
        guard let step else { return rows }
        let stream = RandomStream(seed: 5, purpose: .dropout, layer: place)
        return rows.enumerated().map { row, values in
            let stride = (values.count + 3) / 4 * 4
            return values.enumerated().map { feature, value in
                let draw = stream.uniform(step: step, index: row * stride + feature)
                return Double(draw) >= rate ? value / (1 - rate) : 0
            }
        }
    }

    private func multiply(
        _ row: [Double],
        _ weight: ParameterTensor,
        _ bias: ParameterTensor?,
        _ parameters: [Double]
    ) -> [Double] {
        (0..<weight.shape[0]).map { output in
            var sum = bias.map { parameters[$0.offset + output] } ?? 0
            let start = weight.offset + output * row.count
            for (index, value) in row.enumerated() { sum += parameters[start + index] * value }
            return sum
        }
    }

    private func size(_ shape: TensorShape) -> (channels: Int, height: Int, width: Int) {
        if case .image(let channels, let height, let width) = shape {
            (channels, height, width)
        } else {
            (shape.count, 1, 1)
        }
    }

    private func convolve(
        _ row: [Double],
        _ layer: LayerPlan,
        _ window: LayerSpecification.Window,
        _ weight: ParameterTensor,
        _ bias: ParameterTensor?,
        _ parameters: [Double]
    ) -> [Double] {
        let (from, to) = (size(layer.input), size(layer.output))
        var result: [Double] = []
        for output in 0..<to.channels {
            for y in 0..<to.height {
                for x in 0..<to.width {
                    var sum = bias.map { parameters[$0.offset + output] } ?? 0
                    for input in 0..<from.channels {
                        for j in 0..<window.size {
                            for i in 0..<window.size {
                                let row_ = y * window.stride + j - window.padding
                                let column = x * window.stride + i - window.padding
                                guard (0..<from.height).contains(row_),
                                    (0..<from.width).contains(column)
                                else { continue }
                                let place =
                                    ((output * from.channels + input) * window.size + j)
                                    * window.size + i
                                sum +=
                                    parameters[weight.offset + place]
                                    * row[(input * from.height + row_) * from.width + column]
                            }
                        }
                    }
                    result.append(sum)
                }
            }
        }
        return result
    }

    private func pool(
        _ row: [Double],
        _ layer: LayerPlan,
        _ window: LayerSpecification.Window,
        _ reduce: ([Double]) -> Double
    ) -> [Double] {
        let (from, to) = (size(layer.input), size(layer.output))
        var result: [Double] = []
        for channel in 0..<to.channels {
            for y in 0..<to.height {
                for x in 0..<to.width {
                    var values: [Double] = []
                    for j in 0..<window.size {
                        for i in 0..<window.size {
                            let down = y * window.stride + j - window.padding
                            let across = x * window.stride + i - window.padding
                            guard (0..<from.height).contains(down),
                                (0..<from.width).contains(across)
                            else { continue }
                            values.append(row[(channel * from.height + down) * from.width + across])
                        }
                    }
                    result.append(reduce(values))
                }
            }
        }
        return result
    }

    private func normalize(
        _ rows: [[Double]],
        _ layer: LayerPlan,
        _ plan: LayerPlan.BatchNorm,
        _ parameters: [Double]
    ) -> [[Double]] {
        let places = layer.input.count / layer.input.channels
        var result = rows
        for channel in 0..<layer.input.channels {
            let range = channel * places..<(channel + 1) * places
            let values = rows.flatMap { $0[range] }
            var mean = values.reduce(0, +) / Double(values.count)
            var variance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +)
            variance /= Double(values.count)
            if let running {
                mean = running[plan.runningMean.offset + channel]
                variance = running[plan.runningVariance.offset + channel]
            }
            let factor = 1 / (variance + plan.settings.epsilon).squareRoot()
            for row in rows.indices {
                for place in range {
                    result[row][place] =
                        (rows[row][place] - mean) * factor
                        * parameters[plan.scale.offset + channel]
                        + parameters[plan.shift.offset + channel]
                }
            }
        }
        return result
    }
}
