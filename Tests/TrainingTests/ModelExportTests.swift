import Foundation
import Testing
import TrainingAPI

@testable import Training

/// What a model leaves, taken apart by readers that know nothing of the writers.
@Suite struct ModelExportTests {
    /// Every kind of layer.
    private static let layers: [LayerSpecification] = [
        .convolution(.init(channels: 4, kernel: 3, padding: 1)),
        .batchNorm(.init(momentum: 0.2, epsilon: 1e-4)),
        .activation(.gelu),
        .maxPool(.init(size: 2)),
        .residual([.convolution(.init(channels: 4, kernel: 1, bias: false)), .activation(.silu)]),
        .averagePool(.init(size: 3, stride: 1, padding: 1)),
        .dropout(rate: 0.25),
        .globalAveragePool,
        .flatten,
        .linear(.init(units: 5)),
        .activation(.tanh),
        .linear(.init(units: 6, bias: false)),
        .activation(.relu),
        .linear(.init()),
    ]

    private static func session() throws -> TrainingSession {
        let plan = TrainingPlan(
            dataset: DatasetSpecification(name: "small"),
            model: .sequential(layers),
            optimizer: .sgd(.init()),
            batchSize: 16
        )
        let session = try TrainingSession(plan, dataset: FullPlan.images)
        for _ in 0..<7 { _ = try session.update(rate: 0.05) }
        return session
    }

    private static func export() throws -> ModelExport {
        let session = try session()
        return try #require(session.export(.final))
    }

    @Test func `weights can be read by the format's own description`() throws {
        let session = try Self.session()
        let export = try #require(session.export(.final))
        let bytes = export.weights()
        let length = Int(bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) })
        #expect((8 + length).isMultiple(of: 64))
        let heading = try #require(
            JSONSerialization.jsonObject(with: Data(bytes[8..<8 + length])) as? [String: Any]
        )
        let notes = try #require(heading["__metadata__"] as? [String: String])
        #expect(notes["format"] == "pt")
        #expect(notes["step"] == "7")

        var found: [String: (shape: [Int], values: [Float])] = [:]
        var places: [Range<Int>] = []
        for (name, entry) in heading where name != "__metadata__" {
            let entry = try #require(entry as? [String: Any])
            let shape = try #require(entry["shape"] as? [Int])
            let offsets = try #require(entry["data_offsets"] as? [Int])
            let isCount = name.hasSuffix("num_batches_tracked")
            #expect(entry["dtype"] as? String == (isCount ? "I64" : "F32"))
            let own = bytes[(8 + length + offsets[0])..<(8 + length + offsets[1])]
            #expect(own.count == shape.reduce(isCount ? 8 : 4, *))
            places.append(offsets[0]..<offsets[1])
            if isCount {
                #expect(own.first == 7 && own.dropFirst().allSatisfy { $0 == 0 })
            } else {
                found[name] = (
                    shape,
                    own.withUnsafeBytes { bytes in
                        (0..<bytes.count / 4).map {
                            bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self)
                        }
                    }
                )
            }
        }
        places.sort { $0.lowerBound < $1.lowerBound }
        #expect(places.first?.lowerBound == 0)
        #expect(zip(places, places.dropFirst()).allSatisfy { $0.upperBound == $1.lowerBound })
        #expect(places.last?.upperBound == bytes.count - 8 - length)

        let tensors = session.shape.parameters.tensors
        for tensor in tensors {
            let own = try #require(found[tensor.name], "\(tensor.name)")
            #expect(own.shape == tensor.shape)
            #expect(own.values == tensor.range.map { session.parameters.elements[$0] })
        }
        #expect(
            Set(heading.keys) == [
                "__metadata__", "0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean",
                "1.running_var", "1.num_batches_tracked", "4.layers.0.weight", "9.weight", "9.bias",
                "11.weight", "13.weight", "13.bias",
            ]
        )
    }

    @Test func `the module in Python builds just these layers`() throws {
        let text = String(decoding: try Self.export().torchModule(), as: UTF8.self)
        let body = """
            def build():
                ""\"The layers, with torch's initial weights.""\"
                return nn.Sequential(
                    nn.Conv2d(1, 4, 3, stride=1, padding=1),
                    nn.BatchNorm2d(4, eps=0.0001, momentum=0.2),
                    nn.GELU(),
                    nn.MaxPool2d(2, stride=2, padding=0),
                    Residual(
                        nn.Conv2d(4, 4, 1, stride=1, padding=0, bias=False),
                        nn.SiLU(),
                    ),
                    nn.AvgPool2d(3, stride=1, padding=1),
                    nn.Dropout(0.25),
                    nn.AdaptiveAvgPool2d(1),
                    nn.Flatten(),
                    nn.Linear(4, 5),
                    nn.Tanh(),
                    nn.Linear(5, 6, bias=False),
                    nn.ReLU(),
                    nn.Linear(6, 3),
                )

            """
        #expect(text.contains(body), "\(text)")
        #expect(text.contains(#"OUTPUTS = ["dark", "grey", "bright"]"#))
        #expect(text.contains("features as they are in the dataset: [rows, 1, 8, 8]"))
        #expect(!text.contains("\t"))
    }

    @Test func `the graph can be read by the format's own description`() throws {
        let export = try Self.export()
        let bytes = try #require(export.graph())
        let model = try #require(ProtobufReader(bytes))
        #expect(model.numbers(1) == [8])
        #expect(model.messages(8).map { $0.numbers(2) } == [[13]])
        #expect(model.messages(14).map { $0.texts(2)[0] } == ["dark", "grey", "bright"])
        let graph = try #require(model.messages(7).first)

        let nodes = graph.messages(1)
        #expect(
            nodes.map { $0.texts(4)[0] } == [
                "Mul", "Add", "Conv", "BatchNormalization", "Mul", "Erf", "Add", "Mul", "Mul",
                "MaxPool", "Conv", "Sigmoid", "Mul", "Add", "AveragePool", "GlobalAveragePool",
                "Flatten", "Gemm", "Tanh", "Gemm", "Relu", "Gemm", "Identity",
            ]
        )
        let initializers = graph.messages(5)
        var known: Set = ["features"]
        known.formUnion(initializers.map { $0.texts(8)[0] })
        for node in nodes {
            #expect(known.isSuperset(of: node.texts(1)), "nothing is read before it is there")
            #expect(known.insert(node.texts(2)[0]).inserted, "nothing is written twice")
        }
        #expect(nodes.last?.texts(2) == ["outputs"])

        for initializer in initializers {
            #expect(initializer.numbers(2) == [1], "floats")
            let values = initializer.floats(9)
            #expect(values.count == initializer.numbers(1).reduce(1, *))
            if let tensor = export.tensors.first(where: { $0.name == initializer.texts(8)[0] }) {
                #expect(initializer.numbers(1) == tensor.shape)
                #expect(values == tensor.values)
            }
        }
        func sides(_ field: Int) -> [[Int]] {
            graph.messages(field).map { value in
                let shape = value.messages(2)[0].messages(1)[0].messages(2)[0]
                return shape.messages(1).flatMap { $0.numbers(1) }
            }
        }
        #expect(sides(11) == [[1, 8, 8]])
        #expect(sides(12) == [[3]])
    }

    @Test func `writes messages as the encoding's own examples have them`() {
        var writer = ProtobufWriter()
        writer.field(1, 150)
        writer.field(2, "testing")
        writer.message(3) { $0.field(1, 150) }
        writer.field(20, 0.5 as Float)
        writer.field(9, raw: [1])
        #expect(
            writer.bytes == [
                0x08, 0x96, 0x01,
                0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6E, 0x67,
                0x1A, 0x03, 0x08, 0x96, 0x01,
                0xA5, 0x01, 0x00, 0x00, 0x00, 0x3F,
                0x4A, 0x04, 0x00, 0x00, 0x80, 0x3F,
            ]
        )
    }
}
