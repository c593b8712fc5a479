import CKernels
import TrainingAPI

/// The largest value of each window.
struct MaxPooling: LayerOperation {
    let input: Signal
    let output: Signal
    let window: LehrWindow

    func forward(_ pass: Pass) {
        lehr_max_pool(
            window,
            pass.blocks * input.shape.channels,
            pass.workspace.values(of: input),
            pass.workspace.values(of: output)
        )
    }

    func backward(_ pass: Pass) {
        guard input.gradient != nil else { return }
        lehr_max_pool_backward(
            window,
            pass.blocks * input.shape.channels,
            pass.workspace.values(of: input),
            pass.workspace.values(of: output),
            pass.workspace.gradient(of: output),
            pass.workspace.gradient(of: input)
        )
    }
}

/// The mean of each window.
struct AveragePooling: LayerOperation {
    let input: Signal
    let output: Signal
    let window: LehrWindow

    func forward(_ pass: Pass) {
        lehr_average_pool(
            window,
            pass.blocks * input.shape.channels,
            pass.workspace.values(of: input),
            pass.workspace.values(of: output)
        )
    }

    func backward(_ pass: Pass) {
        guard input.gradient != nil else { return }
        lehr_average_pool_backward(
            window,
            pass.blocks * input.shape.channels,
            pass.workspace.gradient(of: output),
            pass.workspace.gradient(of: input)
        )
    }
}
