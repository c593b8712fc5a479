import Testing
import TrainingAPI

@testable import Datasets

extension NetworkTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let layers: [LayerSpecification]
        var input = TensorShape.flat(6)
        var target = DatasetDescription.Target.classes(3)
        var loss = LossSpecification()
        var testDescription: String { name }
    }

    static let image = TensorShape.image(channels: 2, height: 6, width: 5)

    static func convolution(
        _ channels: Int,
        _ kernel: Int,
        stride: Int = 1,
        padding: Int = 0
    ) -> LayerSpecification {
        .convolution(.init(channels: channels, kernel: kernel, stride: stride, padding: padding))
    }

    static let cases: [Case] =
        LayerSpecification.Activation.allCases.map { function in
            Case(
                name: "linear, \(function)",
                layers: [.linear(.init(units: 5)), .activation(function), .linear(.init())]
            )
        }
        + LayerSpecification.Activation.allCases.map { function in
            Case(
                name: "convolution, \(function)",
                layers: [
                    convolution(3, 3, padding: 1), .activation(function), .flatten,
                    .linear(.init()),
                ],
                input: image
            )
        }
        + [
            Case(
                name: "activations alone, one after another",
                layers: [
                    .activation(.tanh), .linear(.init(units: 4, bias: false)),
                    .activation(.relu), .activation(.tanh), .activation(.silu),
                    .activation(.relu), .linear(.init(units: 3, bias: false)), .activation(.gelu),
                ]
            ),
            Case(
                name: "batch normalization of features",
                layers: [
                    .batchNorm(.init()), .linear(.init(units: 4)), .batchNorm(.init(epsilon: 0.1)),
                    .activation(.tanh), .linear(.init()),
                ]
            ),
            Case(
                name: "batch normalization of channels",
                layers: [
                    .batchNorm(.init()), convolution(3, 3), .batchNorm(.init()),
                    .activation(.silu), .globalAveragePool, .flatten, .linear(.init()),
                ],
                input: image
            ),
            Case(
                name: "convolution, relu, tiling max pool, twice",
                layers: [
                    convolution(3, 3, padding: 1), .activation(.relu), .maxPool(.init(size: 2)),
                    convolution(7, 2, padding: 1), .activation(.relu), .maxPool(.init(size: 2)),
                    .flatten, .linear(.init(units: 5)), .activation(.relu), .linear(.init()),
                ],
                input: .image(channels: 1, height: 8, width: 6)
            ),
            Case(
                name: "convolution, relu, max pool that leaves a rim",
                layers: [
                    convolution(5, 3), .activation(.relu), .maxPool(.init(size: 2)),
                    convolution(9, 3, stride: 2, padding: 2), .activation(.relu),
                    .maxPool(.init(size: 3)), .flatten, .linear(.init()),
                ],
                input: .image(channels: 1, height: 9, width: 9)
            ),
            Case(
                name: "convolution, relu, max pool with a rim of its own",
                layers: [
                    convolution(2, 1), .activation(.relu),
                    .maxPool(.init(size: 2, stride: 2, padding: 1)), .flatten, .linear(.init()),
                ],
                input: image
            ),
            Case(
                name: "strided convolutions, overlapping max pool",
                layers: [
                    convolution(4, 3, stride: 2, padding: 1), .activation(.gelu),
                    .maxPool(.init(size: 3, stride: 1, padding: 1)), convolution(13, 1),
                    convolution(2, 2, stride: 2), .flatten, .linear(.init()),
                ],
                input: .image(channels: 3, height: 9, width: 8)
            ),
            Case(
                name: "a wide kernel, average pool",
                layers: [
                    convolution(3, 5, padding: 4),
                    .averagePool(.init(size: 3, stride: 2, padding: 1)),
                    .activation(.relu), .flatten, .linear(.init()),
                ],
                input: image
            ),
            Case(
                name: "a stride past the kernel",
                layers: [
                    convolution(3, 2, padding: 1), .activation(.tanh),
                    convolution(8, 1, stride: 2), convolution(2, 2, stride: 3, padding: 1),
                    .flatten, .linear(.init()),
                ],
                input: image
            ),
            Case(
                name: "several channels, flattened at once",
                layers: [.flatten, .linear(.init(units: 4)), .activation(.relu), .linear(.init())],
                input: image
            ),
            Case(
                name: "residual blocks of features",
                layers: [
                    .residual([.linear(.init(units: 6)), .activation(.relu)]),
                    .residual([
                        .activation(.relu), .linear(.init(units: 6)),
                        .residual([.activation(.tanh)]),
                    ]),
                    .linear(.init()),
                ]
            ),
            Case(
                name: "residual blocks of images",
                layers: [
                    convolution(4, 3, padding: 1),
                    .residual([
                        .batchNorm(.init()), .activation(.relu), convolution(4, 3, padding: 1),
                        .batchNorm(.init()),
                    ]),
                    .activation(.relu), .averagePool(.init(size: 2)), .flatten, .linear(.init()),
                ],
                input: image
            ),
            Case(
                name: "smoothed labels, weighted classes",
                layers: [.linear(.init(units: 5)), .activation(.relu), .linear(.init())],
                loss: .init(labelSmoothing: 0.2, classWeights: [0.5, 2, 1])
            ),
            Case(
                name: "squared errors",
                layers: [.linear(.init(units: 5)), .activation(.tanh), .linear(.init())],
                target: .values(2)
            ),
            Case(
                name: "Huber's loss",
                layers: [.linear(.init(units: 5)), .activation(.tanh), .linear(.init())],
                target: .values(3),
                loss: .init(.huber, huberDelta: 0.7)
            ),
        ]

    /// Models with dropout.
    static let dropped: [Case] = [
        Case(
            name: "features, after each activation and the data",
            layers: [.dropout(rate: 0.1), .linear(.init(units: 6))]
                + LayerSpecification.Activation.allCases.flatMap { function in
                    [.activation(function), .dropout(rate: 0.4), .linear(.init(units: 6))]
                } + [.linear(.init())],
            input: .flat(7)
        ),
        Case(
            name: "images, after each activation and pooling",
            layers: LayerSpecification.Activation.allCases.flatMap { function in
                [convolution(3, 3, padding: 1), .activation(function), .dropout(rate: 0.3)]
            } + [
                .maxPool(.init(size: 2)), .dropout(rate: 0.5), .flatten, .dropout(rate: 0.2),
                .linear(.init()),
            ],
            input: image
        ),
    ]
}
