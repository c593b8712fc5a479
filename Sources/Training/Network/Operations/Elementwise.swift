import CKernels
import TrainingAPI

/// `output = function(input + bias)`, the bias a feature's or a channel's.
struct Elementwise: LayerOperation {
    let input: Signal
    let output: Signal
    let bias: ParameterTensor?
    let function: LayerSpecification.Activation?
    /// Whether the operation before has done the forward part.
    let isForwardFused: Bool

    func forward(_ pass: Pass) {
        guard !isForwardFused else { return }
        lehr_activate(
            kernel,
            pass.workspace.area(of: input, rows: pass.rows),
            pass.workspace.values(of: input),
            bias.map { UnsafePointer(pass.parameters.elements + $0.offset) },
            pass.workspace.values(of: output)
        )
    }

    func backward(_ pass: Pass) {
        guard input.gradient != nil else { return }
        lehr_activate_backward(
            kernel,
            pass.workspace.area(of: input, rows: pass.rows),
            pass.workspace.values(of: needsInput ? input : output),
            bias.map { UnsafePointer(pass.parameters.elements + $0.offset) },
            pass.workspace.gradient(of: input),
            bias.map { pass.gradient(at: $0.offset) },
            pass.accumulating
        )
    }

    /// Whether the slope is known from what came in, not from what went out.
    private var needsInput: Bool { function == .gelu || function == .silu }

    private var kernel: LehrFunction {
        switch function {
        case nil: LEHR_IDENTITY
        case .relu: LEHR_RELU
        case .gelu: LEHR_GELU
        case .tanh: LEHR_TANH
        case .silu: LEHR_SILU
        }
    }
}
