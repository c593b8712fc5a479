extension LayerSpecification: JSONWritable {
    /// Writes the layer with every default filled in.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("type", typeName)
            switch self {
            case .linear(let linear):
                if let units = linear.units { writer.field(Self.units.name, units) }
                writer.field(Self.bias.name, linear.bias)
            case .convolution(let convolution):
                writer.field(Self.channels.name, convolution.channels)
                writer.field(Self.kernel.name, convolution.kernel)
                writer.field(Self.stride.name, convolution.stride)
                writer.field(Self.padding.name, convolution.padding)
                writer.field(Self.bias.name, convolution.bias)
            case .maxPool(let window), .averagePool(let window):
                writer.field(Self.size.name, window.size)
                writer.field(Self.stride.name, window.stride)
                writer.field(Self.padding.name, window.padding)
            case .batchNorm(let settings):
                writer.field(Self.momentum.name, settings.momentum)
                writer.field(Self.epsilon.name, settings.epsilon)
            case .dropout(let rate): writer.field(Self.rate.name, rate)
            case .residual(let layers): writer.field(Self.inner.name, layers)
            case .globalAveragePool, .activation, .flatten: break
            }
        }
    }
}

extension LayerSpecification.Activation: JSONWritable {
    /// Writes the activation's name.
    public func write(to writer: inout JSONWriter) {
        writer.string(rawValue)
    }

    /// The formula, as a sentence.
    var summary: String {
        switch self {
        case .relu: "max(0, x)."
        case .gelu: "x · Φ(x), exact."
        case .tanh: "The hyperbolic tangent."
        case .silu: "x / (1 + e^-x)."
        }
    }
}
