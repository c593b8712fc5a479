import TrainingAPI

extension ModelExport {
    /// A Python module that builds the model in torch and loads the weights beside it.
    ///
    /// It needs torch alone: the weights' file is read by the module itself.
    package func torchModule() -> [UInt8] {
        let layers = shape.layers.map { "        \(Self.torch($0, indent: 8)),\n" }.joined()
        let hasResidual = shape.layers.contains { layer in
            if case .residual = layer.operation { true } else { false }
        }
        let input =
            switch shape.input {
            case .flat(let features): "[rows, \(features)]"
            case .image(let channels, let height, let width):
                "[rows, \(channels), \(height), \(width)]"
            }
        let view =
            switch shape.input {
            case .flat: "1, -1"
            case .image: "1, -1, 1, 1"
            }
        let text = """
            \"""A model trained by Lehr, in PyTorch. Needs torch alone.

                from model import load
                outputs = load()(features)      # features as they are in the dataset: \(input)

            `load()` reads model.safetensors beside this file; `load("best.safetensors")` another one.
            `build()` gives the bare nn.Sequential, whose state_dict has the keys of these files; its
            input is normalize(features).
            \"""

            import json
            import struct
            from pathlib import Path

            import torch
            from torch import nn

            # features * SCALE + SHIFT, per channel of images and per column of tables, as fitted on the
            # training part.
            SCALE = \(Self.list(normalization.scale))
            SHIFT = \(Self.list(normalization.shift))
            # What the outputs stand for.
            OUTPUTS = \(Self.list(outputNames))


            def normalize(features):
                \"""The features as the first layer takes them.\"""
                features = torch.as_tensor(features, dtype=torch.float32)
                scale = torch.tensor(SCALE, device=features.device).view(\(view))
                shift = torch.tensor(SHIFT, device=features.device).view(\(view))
                return features * scale + shift
            \(hasResidual ? Self.residualClass : "")

            def build():
                \"""The layers, with torch's initial weights.\"""
                return nn.Sequential(
            \(layers.dropLast())
                )


            class Model(nn.Module):
                \"""The layers behind the normalization.\"""

                def __init__(self):
                    super().__init__()
                    self.layers = build()

                def forward(self, features):
                    return self.layers(normalize(features))


            def read(path):
                \"""The state_dict in a file of safetensors.\"""
                data = Path(path).read_bytes()
                (length,) = struct.unpack("<Q", data[:8])
                heading = json.loads(data[8 : 8 + length])
                heading.pop("__metadata__", None)
                types = {"F32": torch.float32, "I64": torch.int64}
                tensors = {}
                for name, entry in heading.items():
                    start, end = (8 + length + place for place in entry["data_offsets"])
                    values = torch.frombuffer(bytearray(data[start:end]), dtype=types[entry["dtype"]])
                    tensors[name] = values.reshape(entry["shape"])
                return tensors


            def load(path="model.safetensors"):
                \"""The trained model, ready to evaluate.\"""
                model = Model()
                model.layers.load_state_dict(read(Path(__file__).parent / path))
                return model.eval()


            if __name__ == "__main__":
                print(load())

            """
        return Array(text.utf8)
    }

    private static let residualClass = """


        class Residual(nn.Module):
            \"""x + layers(x).\"""

            def __init__(self, *layers):
                super().__init__()
                self.layers = nn.Sequential(*layers)

            def forward(self, x):
                return x + self.layers(x)

        """

    /// The constructor of a layer; lines of its own begin `indent` spaces in.
    private static func torch(_ layer: LayerPlan, indent: Int) -> String {
        switch layer.operation {
        case .linear(let weight, let bias):
            "nn.Linear(\(weight.shape[1]), \(weight.shape[0])\(bias == nil ? ", bias=False" : ""))"
        case .convolution(let window, let weight, let bias):
            "nn.Conv2d(\(weight.shape[1]), \(weight.shape[0]), \(window.size)"
                + ", stride=\(window.stride), padding=\(window.padding)"
                + (bias == nil ? ", bias=False)" : ")")
        case .maxPool(let window): "nn.MaxPool2d(\(Self.arguments(window)))"
        case .averagePool(let window): "nn.AvgPool2d(\(Self.arguments(window)))"
        case .globalAveragePool: "nn.AdaptiveAvgPool2d(1)"
        case .batchNorm(let norm):
            "nn.BatchNorm\(layer.input.isImage ? "2d" : "1d")(\(layer.input.channels)"
                + ", eps=\(norm.settings.epsilon), momentum=\(norm.settings.momentum))"
        case .activation(let function):
            switch function {
            case .relu: "nn.ReLU()"
            case .gelu: "nn.GELU()"
            case .tanh: "nn.Tanh()"
            case .silu: "nn.SiLU()"
            }
        case .dropout(let rate, _): "nn.Dropout(\(rate))"
        case .flatten: "nn.Flatten()"
        case .residual(let inner):
            "Residual(\n"
                + inner.map { layer in
                    String(repeating: " ", count: indent + 4)
                        + torch(layer, indent: indent + 4) + ",\n"
                }.joined() + String(repeating: " ", count: indent) + ")"
        }
    }

    private static func arguments(_ window: LayerSpecification.Window) -> String {
        "\(window.size), stride=\(window.stride), padding=\(window.padding)"
    }

    private static func list(_ values: [Float]) -> String {
        "[" + values.map { "\($0)" }.joined(separator: ", ") + "]"
    }

    /// Texts as a list in Python, whose strings take all of JSON's escapes.
    private static func list(_ texts: [String]) -> String {
        let quoted = texts.map { String(decoding: $0.json(), as: UTF8.self) }
        return "[" + quoted.joined(separator: ", ") + "]"
    }
}

extension TensorShape {
    /// Whether this is the shape of an image.
    var isImage: Bool {
        if case .image = self { true } else { false }
    }
}
