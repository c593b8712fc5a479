extension ModelShape {
    /// What one row's way through the layers takes, about: the multiplications by weights, and one for
    /// each value of the other layers.
    package var multiplicationsPerRow: Int { Self.multiplications(of: layers) }

    private static func multiplications(of layers: [LayerPlan]) -> Int {
        layers.map { layer in
            switch layer.operation {
            case .linear(let weight, _): weight.count
            case .convolution(_, let weight, _):
                // Each weight once for each place of the output.
                switch layer.output {
                case .image(_, let height, let width): weight.count * height * width
                default: weight.count
                }
            case .maxPool(let window), .averagePool(let window):
                layer.output.count * window.size * window.size
            case .residual(let inner): multiplications(of: inner) + layer.output.count
            default: layer.output.count
            }
        }.reduce(0, +)
    }
}
