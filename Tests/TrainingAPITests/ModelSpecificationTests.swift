import Foundation
import Testing

@testable import TrainingAPI

@Suite struct ModelSpecificationTests {
    private static func read(_ text: String) throws -> (ModelSpecification?, [Fault]) {
        let (document, faults) = try JSONReader.read(Array(text.utf8))
        var context = DecodingContext(faults: faults)
        let model = ModelSpecification(document, at: .root.appending("model"), &context)
        return (model, context.faults)
    }

    @Test(arguments: [
        (text: #"{"type": "softmax"}"#, model: ModelSpecification.softmax),
        (#"{"type": "mlp"}"#, .mlp(.init())),
        (#"{"type": "cnn"}"#, .cnn(.init(channels: [16, 32], kernel: 3, pool: 2, hidden: [128]))),
        (
            #"{"type": "sequential", "layers": ["flatten", {"type": "linear"}]}"#,
            .sequential([.flatten, .linear(.init())])
        ),
        (
            #"{"type": "sequential", "layers": [{"type": "max_pool", "size": 3}]}"#,
            .sequential([.maxPool(.init(size: 3, stride: 3, padding: 0))])
        ),
        (
            #"{"type": "softmax", "initialization": "orthogonal"}"#,
            ModelSpecification(.softmax, initialization: .init(.orthogonal))
        ),
        (
            #"{"type": "softmax", "initialization": {"type": "normal", "std": 0.5}}"#,
            ModelSpecification(.softmax, initialization: .init(.normal, gain: 0.5))
        ),
        (
            #"{"type": "softmax", "loss": "huber", "huber_delta": 2}"#,
            ModelSpecification(.softmax, loss: .init(.huber, huberDelta: 2))
        ),
    ])
    func `reads a model with its defaults`(text: String, model: ModelSpecification) throws {
        let (found, faults) = try Self.read(text)
        #expect(faults.isEmpty)
        #expect(found == model)
    }

    static let models: [ModelSpecification] =
        [
            .softmax,
            .mlp(
                .init(
                    hidden: [8, 8],
                    activation: .gelu,
                    dropout: 0.1,
                    batchNorm: true,
                    residual: true
                )
            ),
            .cnn(.init(channels: [4], kernel: 5, pool: 1, hidden: [], globalAverage: true)),
            .sequential([
                .convolution(.init(channels: 3, kernel: 3, stride: 2, padding: 1, bias: false)),
                .maxPool(.init(size: 3, stride: 2, padding: 1)), .averagePool(.init(size: 2)),
                .residual([.batchNorm(.init(momentum: 0.2, epsilon: 1e-3)), .activation(.silu)]),
                .globalAveragePool, .flatten, .dropout(rate: 0.25),
                .linear(.init(units: 4, bias: false)), .activation(.tanh), .linear(.init()),
            ]),
            ModelSpecification(.softmax, loss: .init(labelSmoothing: 0.1, classWeights: [1, 2])),
            ModelSpecification(.softmax, loss: .init(.meanSquaredError)),
        ]
        + Initialization.Scheme.allCases.map {
            ModelSpecification(.softmax, initialization: .init($0))
        }

    @Test(arguments: models)
    func `writes what it reads back`(model: ModelSpecification) throws {
        let text = String(decoding: model.json(), as: UTF8.self)
        let (found, faults) = try Self.read(text)
        #expect(faults.isEmpty)
        #expect(found == model)
    }

    @Test(arguments: [
        (
            text: #"{"type": "mlp", "hidden": [8, 4], "residual": true}"#,
            pointer: "/model/residual", says: "as wide as the one before"
        ),
        (#"{"type": "mlp", "activation": "relus"}"#, "/model/activation", #"mean "relu""#),
        (#"{"type": "mlp", "dropout": 1}"#, "/model/dropout", "at least 0 and below 1"),
        (#"{"type": "mlp", "dropout_rate": 0.1}"#, "/model/dropout_rate", "write `dropout`"),
        (
            #"{"type": "cnn", "hidden": [], "dropout": 0.5}"#,
            "/model/dropout", "hidden is empty"
        ),
        (
            #"{"type": "sequential", "layers": []}"#,
            "/model/layers", "a list of 1 to 256 layers"
        ),
        (
            #"{"type": "sequential", "layers": [{"type": "convolution", "channels": 3}]}"#,
            "/model/layers/0/kernel", "is missing; it must be a whole number from 1 to 31"
        ),
        (
            #"{"type": "sequential", "layers": [{"type": "linear", "out_features": 3}]}"#,
            "/model/layers/0/out_features", "write `units`"
        ),
        (
            #"{"type": "sequential", "layers": [{"type": "max_pool", "size": 3, "padding": 2}]}"#,
            "/model/layers/0/padding", "more than half the window's 3; write at most 1"
        ),
        (
            #"{"type": "sequential", "layers": [{"type": "residual", "layers": ["relus"]}]}"#,
            "/model/layers/0/layers/0/type", #"did you mean "relu"?"#
        ),
        (
            #"{"type": "softmax", "initialization": "kaiming"}"#,
            "/model/initialization", #""kaiming_uniform", "kaiming_normal""#
        ),
        (
            #"{"type": "softmax", "loss": "huber", "label_smoothing": 0.1}"#,
            "/model/label_smoothing", "has no meaning with the loss huber"
        ),
        (
            #"{"type": "softmax", "class_weights": [0, 0]}"#,
            "/model/class_weights", "must be above 0"
        ),
    ])
    func `says what is wrong and what would be right`(
        text: String,
        pointer: String,
        says: String
    ) throws {
        let (_, faults) = try Self.read(text)
        let fault = try #require(faults.first)
        #expect(fault.pointer == pointer)
        #expect(fault.detail.contains(says), "\(fault.detail)")
    }

    @Test func `describes every layer, loss and initialization once`() {
        for types in [ModelSpecification.types, LayerSpecification.types, Initialization.types] {
            #expect(Set(types.map(\.name)).count == types.count)
        }
    }
}
