/// A layer and the place in the specification that asked for it.
struct ExpandedLayer {
    let specification: LayerSpecification
    let path: [String]
}

extension ModelSpecification {
    /// The kind's layers one by one, each with the place that a fault of it is reported at.
    func expandedLayers(for input: TensorShape) -> [ExpandedLayer] {
        switch architecture {
        case .softmax:
            Self.flattening(input) + [ExpandedLayer(specification: .linear(.init()), path: [])]
        case .mlp(let perceptron):
            Self.flattening(input) + perceptron.expandedLayers
        case .cnn(let network):
            network.expandedLayers
        case .sequential(let layers):
            layers.enumerated().map { index, layer in
                ExpandedLayer(specification: layer, path: ["layers", "\(index)"])
            }
        }
    }

    /// The layers of the `sequential` model that is the same as this one on rows of shape `input`.
    public func layers(for input: TensorShape) -> [LayerSpecification] {
        expandedLayers(for: input).map(\.specification)
    }

    private static func flattening(_ input: TensorShape) -> [ExpandedLayer] {
        guard case .image = input else { return [] }
        return [ExpandedLayer(specification: .flatten, path: [])]
    }
}

extension ModelSpecification.MultiLayerPerceptron {
    fileprivate var expandedLayers: [ExpandedLayer] {
        var before: Int?
        var layers: [ExpandedLayer] = []
        for (index, units) in hidden.enumerated() {
            var stage: [LayerSpecification] = [.linear(.init(units: units))]
            if batchNorm { stage.append(.batchNorm(.init())) }
            stage.append(.activation(activation))
            if dropout > 0 { stage.append(.dropout(rate: dropout)) }
            if residual, before == units { stage = [.residual(stage)] }
            layers += stage.map { ExpandedLayer(specification: $0, path: ["hidden", "\(index)"]) }
            before = units
        }
        return layers + [ExpandedLayer(specification: .linear(.init()), path: [])]
    }
}

extension ModelSpecification.ConvolutionalNetwork {
    fileprivate var expandedLayers: [ExpandedLayer] {
        var layers: [ExpandedLayer] = []
        for (index, channels) in channels.enumerated() {
            let padding = (kernel - 1) / 2
            var stage: [LayerSpecification] = [
                .convolution(.init(channels: channels, kernel: kernel, padding: padding))
            ]
            if batchNorm { stage.append(.batchNorm(.init())) }
            stage.append(.activation(activation))
            if pool > 1 { stage.append(.maxPool(.init(size: pool))) }
            layers += stage.map {
                ExpandedLayer(specification: $0, path: ["channels", "\(index)"])
            }
        }
        if globalAverage {
            layers.append(ExpandedLayer(specification: .globalAveragePool, path: []))
        }
        layers.append(ExpandedLayer(specification: .flatten, path: []))
        for (index, units) in hidden.enumerated() {
            var stage: [LayerSpecification] = [
                .linear(.init(units: units)), .activation(activation),
            ]
            if dropout > 0 { stage.append(.dropout(rate: dropout)) }
            layers += stage.map { ExpandedLayer(specification: $0, path: ["hidden", "\(index)"]) }
        }
        return layers + [ExpandedLayer(specification: .linear(.init()), path: [])]
    }
}
