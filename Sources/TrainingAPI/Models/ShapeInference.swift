/// Goes through layers from the input on, and lays out the tensors that they need.
struct ShapeInference {
    /// The numbers that the model must give.
    let outputs: Int
    private(set) var parameters = ParameterLayout()
    private(set) var buffers = ParameterLayout()
    private var depth = 0
    private var dropouts = 0

    init(outputs: Int) {
        self.outputs = outputs
    }

    /// The plans of `layers`, whose first takes `input` and whose names begin with `prefix`; with
    /// `isWhole` the last layer's values are the model's.
    mutating func plan(
        _ layers: [ExpandedLayer],
        from input: TensorShape,
        prefix: String,
        isWhole: Bool
    ) throws(ModelFault) -> [LayerPlan] {
        var shape = input
        var plans: [LayerPlan] = []
        for (index, layer) in layers.enumerated() {
            let isLast = isWhole && index == layers.count - 1
            let plan = try self.plan(layer, from: shape, name: "\(prefix)\(index)", isLast: isLast)
            plans.append(plan)
            shape = plan.output
        }
        guard !isWhole || shape == .flat(outputs) else {
            throw ModelFault(
                path: layers.last?.path ?? [],
                detail: "the last layer gives \(shape), and the data need \(outputs) numbers; "
                    + "end with {\"type\": \"linear\"}, which takes their number from the data"
            )
        }
        return plans
    }

    private mutating func plan(
        _ layer: ExpandedLayer,
        from input: TensorShape,
        name: String,
        isLast: Bool
    ) throws(ModelFault) -> LayerPlan {
        let (operation, output): (LayerPlan.Operation, TensorShape)
        switch layer.specification {
        case .linear(let linear):
            let features = try flat(input, of: layer)
            guard let units = linear.units ?? (isLast ? outputs : nil) else {
                throw ModelFault(
                    path: layer.path + ["units"],
                    detail: "units is missing; only the last layer takes it from the data"
                )
            }
            let (weight, bias) = weights(name, [units, features], hasBias: linear.bias)
            (operation, output) = (.linear(weight: weight, bias: bias), .flat(units))
        case .convolution(let convolution):
            output = try windows(convolution.window, convolution.channels, input, of: layer)
            let side = convolution.kernel
            let (weight, bias) = weights(
                name,
                [convolution.channels, input.channels, side, side],
                hasBias: convolution.bias
            )
            operation = .convolution(convolution.window, weight: weight, bias: bias)
        case .maxPool(let window):
            output = try windows(window, nil, input, of: layer)
            operation = .maxPool(window)
        case .averagePool(let window):
            output = try windows(window, nil, input, of: layer)
            operation = .averagePool(window)
        case .globalAveragePool:
            let channels = try image(input, of: layer).channels
            output = .image(channels: channels, height: 1, width: 1)
            operation = .globalAveragePool
        case .batchNorm(let settings):
            operation = .batchNorm(batchNorm(name, settings, channels: input.channels))
            output = input
        case .activation(let function):
            (operation, output) = (.activation(function), input)
        case .dropout(let rate):
            (operation, output) = (.dropout(rate: rate, place: dropouts), input)
            dropouts += 1
        case .flatten:
            (operation, output) = (.flatten, .flat(input.count))
        case .residual(let inner):
            let layers = inner.enumerated().map { index, inner in
                ExpandedLayer(specification: inner, path: layer.path + ["layers", "\(index)"])
            }
            let plans = try plan(layers, from: input, prefix: "\(name).layers.", isWhole: false)
            output = plans.last?.output ?? input
            guard output == input else {
                throw ModelFault(
                    path: layer.path,
                    detail: "the layers of a residual block must give the shape that came in, "
                        + "\(input), and give \(output)"
                )
            }
            operation = .residual(plans)
        }
        return LayerPlan(name: name, input: input, output: output, operation: operation)
    }

    private func flat(
        _ input: TensorShape,
        of layer: ExpandedLayer
    ) throws(ModelFault) -> Int {
        guard case .flat(let features) = input else {
            throw ModelFault(
                path: layer.path,
                detail: "\(layer.specification.typeName) needs flat features, got \(input); add "
                    + "{\"type\": \"flatten\"} before it"
            )
        }
        return features
    }

    private func image(
        _ input: TensorShape,
        of layer: ExpandedLayer
    ) throws(ModelFault) -> (channels: Int, height: Int, width: Int) {
        guard case .image(let channels, let height, let width) = input else {
            throw ModelFault(
                path: layer.path,
                detail: "\(layer.specification.typeName) needs an image, got \(input)"
            )
        }
        return (channels, height, width)
    }

    /// What comes out of a window that moves over an image; as many channels as came in by default.
    private func windows(
        _ window: LayerSpecification.Window,
        _ outputs: Int?,
        _ input: TensorShape,
        of layer: ExpandedLayer
    ) throws(ModelFault) -> TensorShape {
        let (channels, height, width) = try image(input, of: layer)
        let (down, across) = (window.places(along: height), window.places(along: width))
        guard down > 0, across > 0 else {
            let rim = window.padding > 0 ? " with a padding of \(window.padding)" : ""
            throw ModelFault(
                path: layer.path,
                detail: "\(layer.specification.typeName) of size \(window.size) does not fit "
                    + "\(input)\(rim)"
            )
        }
        return .image(channels: outputs ?? channels, height: down, width: across)
    }

    private mutating func weights(
        _ name: String,
        _ shape: [Int],
        hasBias: Bool
    ) -> (weight: ParameterTensor, bias: ParameterTensor?) {
        defer { depth += 1 }
        let weight = parameters.append("\(name).weight", shape: shape, role: .weight, depth: depth)
        guard hasBias else { return (weight, nil) }
        let bias = parameters.append("\(name).bias", shape: [shape[0]], role: .bias, depth: depth)
        return (weight, bias)
    }

    private mutating func batchNorm(
        _ name: String,
        _ settings: LayerSpecification.BatchNorm,
        channels: Int
    ) -> LayerPlan.BatchNorm {
        defer { depth += 1 }
        func trained(_ field: String, _ role: ParameterTensor.Role) -> ParameterTensor {
            parameters.append("\(name).\(field)", shape: [channels], role: role, depth: depth)
        }
        func running(_ field: String) -> ParameterTensor {
            buffers.append("\(name).\(field)", shape: [channels], role: .statistic, depth: depth)
        }
        return LayerPlan.BatchNorm(
            settings: settings,
            scale: trained("weight", .normScale),
            shift: trained("bias", .normShift),
            runningMean: running("running_mean"),
            runningVariance: running("running_var")
        )
    }
}
