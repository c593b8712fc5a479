import CKernels
import TrainingAPI

extension NetworkBuilder {
    /// Adds a convolution, and what follows it that can be computed with it.
    mutating func appendConvolution(
        _ layer: LayerPlan,
        _ window: LayerSpecification.Window,
        _ weight: ParameterTensor,
        _ bias: ParameterTensor?,
        followedBy rest: inout ArraySlice<LayerPlan>
    ) throws(TrainingError) {
        arrangeRows()
        let function = rest.popActivation()
        let kernels = try ConvolutionKernels(
            window,
            weight: weight,
            from: layer.input.size,
            to: layer.output.size
        )
        if function == .relu, let next = rest.first, let pool = next.tilingPool {
            rest.removeFirst()
            try appendPooledConvolution(next, weight, bias, kernels, pool: pool)
            return
        }
        let output = makeSignal(layer.output, hasGradient: true)
        let isFused = function == nil || function == .relu
        let operation = Convolution(
            input: signal,
            output: output,
            weight: weight,
            bias: isFused ? bias : nil,
            hasReLU: function == .relu,
            kernels: kernels
        )
        append(operation, output: output, function == .relu ? .dropout : .anything)
        appendElementwise(bias: bias, function: function, isForwardFused: isFused)
    }

    private mutating func appendPooledConvolution(
        _ layer: LayerPlan,
        _ weight: ParameterTensor,
        _ bias: ParameterTensor?,
        _ kernels: ConvolutionKernels,
        pool: Int
    ) throws(TrainingError) {
        let output = makeSignal(layer.output, hasGradient: true)
        // A byte for each maximum.
        let places = makeArray(floatsPerRow: (layer.output.count + 3) / 4, isForTraining: true)
        let operation = PooledConvolution(
            input: signal,
            output: output,
            weight: weight,
            bias: bias,
            kernels: kernels,
            pool: pool,
            places: places,
            room: try PooledConvolution.Room(kernels, pool: pool)
        )
        append(operation, output: output, .nothing)
    }

    /// Adds the maximum over windows of any kind.
    mutating func appendMaxPooling(
        _ layer: LayerPlan,
        _ window: LayerSpecification.Window
    ) {
        arrangeRows()
        let output = makeSignal(layer.output, hasGradient: signal.gradient != nil)
        let operation = MaxPooling(
            input: signal,
            output: output,
            window: LehrWindow(window, layer)
        )
        append(operation, output: output, .nothing)
    }

    /// Adds the mean over windows.
    mutating func appendAveragePooling(_ layer: LayerPlan, _ window: LehrWindow) {
        arrangeRows()
        let output = makeSignal(layer.output, hasGradient: signal.gradient != nil)
        let operation = AveragePooling(input: signal, output: output, window: window)
        append(operation, output: output, .anything)
    }
}

extension LayerPlan {
    /// The side of a pooling's windows if they lie beside each other, and a byte counts their places.
    fileprivate var tilingPool: Int? {
        guard case .maxPool(let window) = operation, window.padding == 0,
            window.stride == window.size, window.size * window.size <= 255
        else { return nil }
        return window.size
    }
}
