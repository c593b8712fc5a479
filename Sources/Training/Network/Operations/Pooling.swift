import CKernels
import TrainingAPI

/// The largest value of each window; with the ReLU and the bias's gradient of a convolution before.
struct MaxPooling: LayerOperation {
    let input: Signal
    let output: Signal
    let window: LehrWindow
    /// Whether what came in is what a ReLU gave, whose backward part is done here.
    let hasReLU: Bool
    /// The bias that was added before the ReLU, whose gradient is summed here.
    let bias: ParameterTensor?

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
        let values = pass.workspace.values(of: output)
        let slope = pass.workspace.gradient(of: output)
        if let bias {
            lehr_channel_sums(
                slope,
                values,
                pass.blocks,
                input.shape.channels,
                window.height * window.width * 16,
                hasReLU,
                pass.gradient(at: bias.offset),
                pass.accumulating
            )
        }
        lehr_max_pool_backward(
            window,
            pass.blocks * input.shape.channels,
            pass.workspace.values(of: input),
            values,
            slope,
            pass.workspace.gradient(of: input),
            hasReLU
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
