extension OptimizerSpecification {
    /// How one tensor's update differs from the others'.
    package struct TensorSettings: Hashable, Sendable {
        /// The factor of the learning rate.
        package var rateFactor: Double
        /// The weight decay.
        package var weightDecay: Double
    }

    /// How a tensor of a model with `layout` is updated.
    package func settings(
        of tensor: ParameterTensor,
        in layout: ParameterLayout
    ) -> TensorSettings {
        let last = layout.tensors.map(\.depth).max() ?? 0
        let isExcluded = !tensor.kinds.isDisjoint(with: weightDecayExclude)
        var settings = TensorSettings(
            rateFactor: 1,
            weightDecay: isExcluded ? 0 : rule.weightDecay
        )
        for _ in 0..<last - tensor.depth { settings.rateFactor *= layerDecay }
        if let group = groups.first(where: { $0.matches(tensor) }) {
            settings.rateFactor *= group.rateFactor
            settings.weightDecay = group.weightDecay ?? settings.weightDecay
        }
        return settings
    }

    /// Reports groups to which no tensor of `layout` belongs.
    func checkGroups(
        in layout: ParameterLayout,
        at pointer: Pointer,
        _ context: inout DecodingContext
    ) {
        for (place, group) in groups.enumerated() {
            let matched = layout.tensors.filter(group.matches)
            let earlier = groups[..<place]
            guard matched.allSatisfy({ tensor in earlier.contains { $0.matches(tensor) } }) else {
                continue
            }
            let names = layout.tensors.prefix(Self.listedTensors).map(\.name)
            let more = layout.tensors.count > names.count ? ", …" : ""
            let detail =
                matched.isEmpty
                ? "\"\(group.match)\" matches no tensor of the model; there are"
                    + " \(names.joined(separator: ", "))\(more)"
                : "every tensor that \"\(group.match)\" matches belongs to an earlier group; a"
                    + " tensor belongs to the first that matches it"
            context.report(
                pointer.appending("groups").appending(place).appending("match"),
                .conflict,
                detail
            )
        }
    }

    /// How many tensors an error lists.
    private static var listedTensors: Int { 20 }
}

extension ParameterGroup {
    /// Whether `tensor` belongs to the group.
    package func matches(_ tensor: ParameterTensor) -> Bool {
        matches(tensor.name, kinds: tensor.kinds)
    }
}

extension ParameterTensor {
    /// The kinds that exclusions and groups go by.
    fileprivate var kinds: Set<TensorKind> {
        switch role {
        case .weight, .statistic: []
        case .bias: [.bias]
        case .normScale: [.norm]
        case .normShift: [.bias, .norm]
        }
    }
}
