import CKernels
import Datasets
import TrainingAPI

/// Turns layers into operations, and decides where values and gradients lie.
///
/// What is elementwise is joined to what comes before it, and writes over it where nothing in the
/// backward pass needs what was there.
struct NetworkBuilder {
    private(set) var operations: [any LayerOperation] = []
    private(set) var arrays: [ArrayPlan] = []
    private(set) var maskCounts: [Int] = []
    /// The bias of the last layer, which the loss adds.
    private(set) var deferredBias: ParameterTensor?
    /// What went out of the last operation.
    private(set) var signal: Signal
    private let dropoutSeed: UInt64
    private var overwriting = Overwriting.nothing

    /// Who may write over the last operation's values.
    enum Overwriting {
        /// Whatever follows: no backward pass needs them.
        case anything
        /// Dropout alone, which keeps their signs: the slope of a ReLU.
        case dropout
        case nothing
    }

    init(input: TensorShape, dropoutSeed: UInt64) {
        signal = Signal(shape: input, form: .rows, values: nil, gradient: nil)
        self.dropoutSeed = dropoutSeed
    }

    /// Adds the operations of `layers`, of which the last gives the model's outputs if `isWhole`.
    mutating func append(_ layers: [LayerPlan], isWhole: Bool) throws(TrainingError) {
        var rest = layers[...]
        while let layer = rest.popFirst() {
            switch layer.operation {
            case .linear(let weight, let bias):
                let isLast = isWhole && rest.isEmpty
                try appendDense(layer, weight, isLast: isLast)
                if isLast {
                    deferredBias = bias
                } else {
                    appendElementwise(bias: bias, function: rest.popActivation())
                }
            case .convolution(let window, let weight, let bias):
                try appendConvolution(layer, window, weight, bias, followedBy: &rest)
            case .maxPool(let window): appendMaxPooling(layer, window)
            case .averagePool(let window): appendAveragePooling(layer, LehrWindow(window, layer))
            case .globalAveragePool: appendAveragePooling(layer, LehrWindow(whole: layer))
            case .batchNorm(let plan): try appendNormalization(plan)
            case .activation(let function): appendElementwise(bias: nil, function: function)
            case .dropout(let rate, let place): appendDropout(rate: rate, place: place)
            case .flatten: appendFlattening(layer)
            case .residual(let inner): try appendResidual(inner)
            }
        }
        // The loss reads features, each with its rows beside each other.
        if isWhole { arrangeRows() }
    }

    /// A new array for values or gradients of `shape`.
    mutating func makeArray(of shape: TensorShape, isForTraining: Bool = false) -> Int {
        makeArray(floatsPerRow: shape.count, isForTraining: isForTraining)
    }

    /// A new array of so many floats for each row of the batch.
    mutating func makeArray(floatsPerRow: Int, isForTraining: Bool) -> Int {
        arrays.append(ArrayPlan(floatsPerRow: floatsPerRow, isForTraining: isForTraining))
        return arrays.count - 1
    }

    /// Adds an operation that gives `output`.
    mutating func append(
        _ operation: some LayerOperation,
        output: Signal,
        _ overwriting: Overwriting
    ) {
        operations.append(operation)
        signal = output
        self.overwriting = overwriting
    }

    /// A signal with arrays of its own; the gradient's only where it is wanted.
    mutating func makeSignal(_ shape: TensorShape, hasGradient: Bool) -> Signal {
        let form: Signal.Form = if case .image = shape { .blocks } else { .features }
        let values = makeArray(of: shape)
        let gradient = hasGradient ? makeArray(of: shape, isForTraining: true) : nil
        return Signal(shape: shape, form: form, values: values, gradient: gradient)
    }

    /// Brings the data's rows into the form that all but linear layers take.
    mutating func arrangeRows() {
        guard signal.form == .rows else { return }
        let output = makeSignal(signal.shape, hasGradient: false)
        append(RowArrangement(input: signal, output: output), output: output, .anything)
    }

    private mutating func appendDense(
        _ layer: LayerPlan,
        _ weight: ParameterTensor,
        isLast: Bool
    ) throws(TrainingError) {
        var output = makeSignal(layer.output, hasGradient: !isLast)
        if isLast {
            // The loss's gradient takes the place of the outputs.
            output = Signal(
                shape: output.shape,
                form: output.form,
                values: output.values,
                gradient: output.values
            )
        }
        let stride = signal.gradient == nil ? nil : weight.spreadStride
        let operation = Dense(
            input: signal,
            output: output,
            weight: weight,
            spread: try stride.map { stride throws(TrainingError) in
                try FloatBuffer(count: stride * weight.shape[0])
            }
        )
        append(operation, output: output, .anything)
    }

    /// Adds what is done to each value alone; its forward part may be done by the operation before.
    mutating func appendElementwise(
        bias: ParameterTensor?,
        function: LayerSpecification.Activation?,
        isForwardFused: Bool = false
    ) {
        guard bias != nil || function != nil else { return }
        arrangeRows()
        let needsInput = function == .gelu || function == .silu
        let isInPlace = isForwardFused || overwriting == .anything && !needsInput
        let output = isInPlace ? signal : signal.elsewhere(makeArray(of: signal.shape))
        let operation = Elementwise(
            input: signal,
            output: output,
            bias: bias,
            function: function,
            isForwardFused: isForwardFused
        )
        let next: Overwriting =
            switch function {
            case nil, .gelu, .silu: .anything
            case .relu: .dropout
            case .tanh: .nothing
            }
        append(operation, output: output, next)
    }

    private mutating func appendNormalization(
        _ plan: LayerPlan.BatchNorm
    ) throws(TrainingError) {
        arrangeRows()
        // The backward pass needs what came in, so the values go elsewhere; the gradient stays.
        let gradient = signal.gradient ?? makeArray(of: signal.shape, isForTraining: true)
        let output = Signal(
            shape: signal.shape,
            form: signal.form,
            values: makeArray(of: signal.shape),
            gradient: gradient
        )
        let operation = Normalization(
            input: signal,
            output: output,
            plan: plan,
            statistics: try FloatBuffer(count: 2 * signal.shape.channels)
        )
        append(operation, output: output, .anything)
    }

    private mutating func appendDropout(rate: Double, place: Int) {
        guard rate > 0 else { return }
        arrangeRows()
        let isInPlace = overwriting != .nothing
        let output = isInPlace ? signal : signal.elsewhere(makeArray(of: signal.shape))
        let operation = Dropout(
            input: signal,
            output: output,
            rate: rate,
            stream: RandomStream(seed: dropoutSeed, purpose: .dropout, layer: place),
            mask: maskCounts.count
        )
        maskCounts.append(signal.shape.count)
        append(operation, output: output, isInPlace ? overwriting : .anything)
    }

    private mutating func appendFlattening(_ layer: LayerPlan) {
        switch (signal.form, signal.shape) {
        case (.features, _), (.rows, .flat): break
        case (.rows, .image(let channels, _, _)):
            // Rows of one channel are flat as they are; of more, the channels come apart.
            let values = channels == 1 ? nil : makeArray(of: layer.output)
            let output = Signal(shape: layer.output, form: .rows, values: values, gradient: nil)
            guard values != nil else {
                signal = output
                return
            }
            append(RowArrangement(input: signal, output: output), output: output, .nothing)
        case (.blocks, _):
            let output = makeSignal(layer.output, hasGradient: signal.gradient != nil)
            append(Flattening(input: signal, output: output), output: output, .anything)
        }
    }

    private mutating func appendResidual(_ layers: [LayerPlan]) throws(TrainingError) {
        arrangeRows()
        let start = signal
        let past = makeArray(of: start.shape, isForTraining: true)
        append(ResidualStart(input: start, past: past), output: start, .nothing)
        try append(layers, isWhole: false)
        let output = Signal(
            shape: start.shape,
            form: start.form,
            values: makeArray(of: start.shape),
            gradient: signal.gradient
        )
        let sum = ResidualSum(input: start, inner: signal, output: output, past: past)
        append(sum, output: output, .anything)
    }
}

extension Signal {
    /// The same with other values.
    fileprivate func elsewhere(_ values: Int) -> Signal {
        Signal(shape: shape, form: form, values: values, gradient: gradient)
    }
}

extension ArraySlice<LayerPlan> {
    /// Takes the next layer off if it is an activation.
    mutating func popActivation() -> LayerSpecification.Activation? {
        guard case .activation(let function) = first?.operation else { return nil }
        removeFirst()
        return function
    }
}
