import Foundation
import Testing
import TrainingAPI

@testable import Datasets
@testable import Training

@Suite struct NetworkTests {
    /// Row counts on both sides of the sixteen values that kernels take at a time.
    @Test(arguments: cases, [3, 16, 21])
    func `gives the loss and its slope in every parameter`(example: Case, rows: Int) throws {
        let sample = try NetworkSample(
            example.layers,
            input: example.input,
            rows: rows,
            target: example.target,
            loss: example.loss,
            // A multiple of 64, which arrays are made wider for.
            capacity: 64
        )
        let loss = try sample.train()
        let parameters = sample.doubles
        // Both compute the same sums; the difference is the engine's rounding to floats.
        #expect(abs(loss - sample.loss(parameters)) < 3e-6)
        for tensor in sample.shape.parameters.tensors {
            for place in tensor.range {
                let slope = sample.slope(parameters, at: place)
                // The quotient of doubles is good to 1e-9, the engine's floats to a few 1e-7.
                #expect(
                    abs(Double(sample.gradients.elements[place]) - slope) < 5e-6,
                    "\(tensor.name) at \(place - tensor.offset)"
                )
            }
        }
    }

    /// 512 floats are 2 KiB, a distance at which a copy of the weights takes their place.
    @Test func `gives the slopes of weights whose rows lie badly in the caches`() throws {
        let sample = try NetworkSample(
            [.linear(.init(units: 512)), .activation(.tanh), .linear(.init())],
            input: .flat(2),
            rows: 5
        )
        let tensors = sample.shape.parameters.tensors
        let weight = try #require(tensors.first { $0.spreadStride != nil })
        #expect(weight.shape == [3, 512])
        _ = try sample.train()
        let parameters = sample.doubles
        for place in stride(from: 0, to: weight.offset, by: 29) {
            let slope = sample.slope(parameters, at: place)
            #expect(abs(Double(sample.gradients.elements[place]) - slope) < 5e-6, "at \(place)")
        }
    }

    @Test(arguments: cases)
    func `adds to the gradient that is there`(example: Case) throws {
        let sample = try NetworkSample(
            example.layers,
            input: example.input,
            rows: 18,
            target: example.target,
            loss: example.loss
        )
        _ = try sample.train()
        let once = (0..<sample.gradients.count).map { sample.gradients.elements[$0] }
        _ = try sample.train(accumulating: true)
        for (place, value) in once.enumerated() {
            #expect(abs(sample.gradients.elements[place] - 2 * value) <= 1e-6 * max(1, abs(value)))
        }
        // What lies between tensors stays 0.
        let inside = Set(sample.shape.parameters.tensors.flatMap(\.range))
        for place in 0..<sample.gradients.count where !inside.contains(place) {
            #expect(sample.gradients.elements[place] == 0)
        }
    }

    @Test(arguments: cases)
    func `evaluates with the running statistics`(example: Case) throws {
        let sample = try NetworkSample(
            example.layers,
            input: example.input,
            rows: 18,
            target: example.target,
            loss: example.loss
        )
        _ = try sample.train()
        var reference = sample.reference
        reference.running = (0..<sample.buffers.count).map { Double(sample.buffers.elements[$0]) }
        let plain = DoubleNetwork(
            shape: sample.shape,
            loss: .init(example.loss.kind, huberDelta: example.loss.huberDelta),
            running: reference.running
        )
        let score = try sample.network.evaluate(
            sample.parameters,
            buffers: sample.buffers,
            sample.workspace,
            rows: 18
        )
        let expected = plain.loss(
            sample.doubles,
            rows: sample.features,
            labels: sample.labels,
            values: sample.values
        )
        #expect(abs(score.loss / 18 - expected) < 3e-6)
        let outputs = plain.run(sample.shape.layers, sample.doubles, sample.features)
        let right = zip(outputs, sample.labels).count { outputs, label in
            outputs.firstIndex(of: outputs.max() ?? 0) == label
        }
        #expect(score.correct == right)
    }

    @Test(arguments: cases)
    func `takes no more memory than the estimate`(example: Case) throws {
        let sample = try NetworkSample(
            example.layers,
            input: example.input,
            rows: 40,
            target: example.target,
            loss: example.loss
        )
        let floats = sample.shape.workspaceFloats(rows: 40, isTraining: true)
        #expect(sample.workspace.floatCount <= floats)
    }

    @Test func `keeps each value with the probability that is left, and scales it`() throws {
        let layers: [LayerSpecification] = [.dropout(rate: 0.3), .linear(.init())]
        let sample = try NetworkSample(layers, input: .flat(37), rows: 500)
        _ = try sample.train(step: 4)
        let stream = RandomStream(seed: 5, purpose: .dropout)
        let signal = Signal(shape: .flat(37), form: .features, values: 0, gradient: nil)
        let values = sample.workspace.values(of: signal)
        var kept = 0
        for row in 0..<500 {
            for feature in 0..<37 {
                let value = values[feature * sample.workspace.featureStride + row]
                let isKept = stream.uniform(step: 4, index: row * 40 + feature) >= 0.3
                let expected = Float(sample.features[row][feature]) * Float(1 / 0.7)
                #expect(value == (isKept ? expected : 0))
                kept += isKept ? 1 : 0
            }
        }
        // Four standard errors of 18,500 draws.
        #expect(abs(Double(kept) / 18_500 - 0.7) < 4 * (0.21 / 18_500).squareRoot())
    }

    @Test(arguments: dropped)
    func `carries the gradient back through what dropout kept`(example: Case) throws {
        let sample = try NetworkSample(example.layers, input: example.input, rows: 19)
        let loss = try sample.train(step: 1)
        var reference = sample.reference
        reference.step = 1
        let other = try NetworkSample(example.layers, input: example.input, rows: 19)
        #expect(try other.train(step: 2) != loss)
        var parameters = sample.doubles
        func referenceLoss() -> Double {
            reference.loss(
                parameters,
                rows: sample.features,
                labels: sample.labels,
                values: sample.values
            )
        }
        #expect(abs(loss - referenceLoss()) < 3e-6)
        for tensor in sample.shape.parameters.tensors {
            for place in tensor.range {
                let value = parameters[place]
                parameters[place] = value + 1e-5
                let above = referenceLoss()
                parameters[place] = value - 1e-5
                let slope = (above - referenceLoss()) / 2e-5
                parameters[place] = value
                #expect(abs(Double(sample.gradients.elements[place]) - slope) < 5e-6)
            }
        }
    }

    @Test func `moves the running statistics by torch's rule`() throws {
        let sample = try NetworkSample(
            [.batchNorm(.init(momentum: 0.25)), .linear(.init())],
            input: .flat(3),
            rows: 19
        )
        _ = try sample.train()
        for (feature, offset) in [(0, 0), (1, 1), (2, 2)] {
            let values = sample.features.map { $0[feature] }
            let mean = values.reduce(0, +) / 19
            let variance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 18
            #expect(abs(Double(sample.buffers.elements[offset]) - 0.25 * mean) < 1e-6)
            let running = Double(sample.buffers.elements[16 + offset])
            #expect(abs(running - (0.75 + 0.25 * variance)) < 1e-6)
        }
    }
}
