import TrainingAPI

extension Optimizer {
    /// Makes the optimizer of a model whose parameters lie as `layout` says.
    init(
        _ specification: OptimizerSpecification,
        layout: ParameterLayout
    ) throws(TrainingError) {
        try self.init(specification, spans: Self.spans(specification, layout: layout))
    }

    /// The spans of `layout` from its start to its end: as few as there can be, so that a model whose
    /// tensors are all updated alike is one.
    static func spans(
        _ specification: OptimizerSpecification,
        layout: ParameterLayout
    ) -> [Span] {
        var spans: [Span] = []
        for tensor in layout.tensors {
            let settings = specification.settings(of: tensor, in: layout)
            let places = tensor.offset..<tensor.offset + tensor.paddedCount
            if let last = spans.last, last.settings == settings {
                spans[spans.count - 1].places = last.places.lowerBound..<places.upperBound
            } else {
                spans.append(Span(places: places, settings: settings))
            }
        }
        return spans
    }
}
