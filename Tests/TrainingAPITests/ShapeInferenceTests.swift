import Testing

@testable import TrainingAPI

@Suite struct ShapeInferenceTests {
    private static let image = TensorShape.image(channels: 1, height: 28, width: 28)

    @Test func `says a convolutional network layer by layer, as torch would`() throws {
        let shape = try ModelShape(.cnn(.init()), input: Self.image, outputs: 10)
        #expect(
            shape.layers.map(\.output.description) == [
                "16×28×28", "16×28×28", "16×14×14", "32×14×14", "32×14×14", "32×7×7",
                "1568 features", "128 features", "128 features", "10 features",
            ]
        )
        #expect(
            shape.parameters.tensors.map(\.name) == [
                "0.weight", "0.bias", "3.weight", "3.bias", "7.weight", "7.bias", "9.weight",
                "9.bias",
            ]
        )
        #expect(shape.parameters.tensors.map(\.depth) == [0, 0, 1, 1, 2, 2, 3, 3])
        #expect(shape.parameters.tensors[2].shape == [32, 16, 3, 3])
        #expect(shape.parameters.tensors.allSatisfy { $0.offset.isMultiple(of: 16) })
        #expect(shape.parameterCount == 206_922)
    }

    @Test func `names what is inside a residual block and what is not trained`() throws {
        let perceptron = ModelSpecification.MultiLayerPerceptron(
            hidden: [8, 8],
            batchNorm: true,
            residual: true
        )
        let shape = try ModelShape(.mlp(perceptron), input: .flat(4), outputs: 2)
        #expect(
            shape.parameters.tensors.map(\.name) == [
                "0.weight", "0.bias", "1.weight", "1.bias", "3.layers.0.weight",
                "3.layers.0.bias", "3.layers.1.weight", "3.layers.1.bias", "4.weight", "4.bias",
            ]
        )
        #expect(
            shape.buffers.tensors.map(\.name) == [
                "1.running_mean", "1.running_var", "3.layers.1.running_mean",
                "3.layers.1.running_var",
            ]
        )
        #expect(shape.parameters.tensors[2].role == .normScale)
        #expect(shape.hasBatchNorm)
    }

    @Test(arguments: [
        (model: ModelSpecification.softmax, input: image),
        (.mlp(.init(hidden: [8, 8], activation: .silu, dropout: 0.2, residual: true)), .flat(5)),
        (.cnn(.init(channels: [4, 8], batchNorm: true, globalAverage: true)), image),
    ])
    func `is the same as that of the layers it is short for`(
        model: ModelSpecification,
        input: TensorShape
    ) throws {
        let long = ModelSpecification.sequential(model.layers(for: input))
        let (short, full) = try (
            ModelShape(model, input: input, outputs: 3), ModelShape(long, input: input, outputs: 3)
        )
        #expect(short == full)
    }

    @Test(arguments: [
        (
            model: ModelSpecification.sequential([.linear(.init(units: 4)), .linear(.init())]),
            input: image, path: ["layers", "0"],
            says: "linear needs flat features, got 1×28×28; add {\"type\": \"flatten\"} before it"
        ),
        (
            .sequential([.convolution(.init(channels: 4, kernel: 3)), .linear(.init())]), .flat(7),
            ["layers", "0"], "convolution needs an image, got 7 features"
        ),
        (
            .sequential([.linear(.init()), .linear(.init())]), .flat(7), ["layers", "0", "units"],
            "only the last layer takes it from the data"
        ),
        (
            .sequential([.linear(.init(units: 4))]), .flat(7), ["layers", "0"],
            "the last layer gives 4 features, and the data need 3 numbers"
        ),
        (
            .sequential([.maxPool(.init(size: 30)), .flatten, .linear(.init())]), image,
            ["layers", "0"], "max_pool of size 30 does not fit 1×28×28"
        ),
        (
            .sequential([.residual([.linear(.init(units: 4))]), .linear(.init())]), .flat(7),
            ["layers", "0"], "must give the shape that came in, 7 features, and give 4 features"
        ),
        (
            .sequential([.residual([.linear(.init())]), .linear(.init())]), .flat(7),
            ["layers", "0", "layers", "0", "units"], "units is missing"
        ),
        (
            .cnn(.init(channels: [2, 2, 2, 2, 2, 2])), image, ["channels", "4"],
            "max_pool of size 2 does not fit 2×1×1"
        ),
        (.cnn(.init()), .flat(2), ["channels", "0"], "convolution needs an image, got 2 features"),
        (.sequential([.activation(.relu)]), .flat(3), [], "no layer with weights to train"),
    ])
    func `names the layer that does not fit`(
        model: ModelSpecification,
        input: TensorShape,
        path: [String],
        says: String
    ) {
        let fault = #expect(throws: ModelFault.self) {
            try ModelShape(model, input: input, outputs: 3)
        }
        #expect(fault?.path == path)
        #expect(fault?.detail.contains(says) == true, "\(fault?.detail ?? "")")
    }
}
