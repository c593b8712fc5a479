/// A kind of parameters, by what they do in their layer.
public enum TensorKind: String, Hashable, Sendable, CaseIterable {
    /// What is added: the biases of layers, the shifts of normalisations.
    case bias
    /// The scales and shifts of normalisations.
    case norm
}

extension TensorKind: JSONWritable {
    /// Writes the kind's name.
    public func write(to writer: inout JSONWriter) {
        writer.string(rawValue)
    }
}
