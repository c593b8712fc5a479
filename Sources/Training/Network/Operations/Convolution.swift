import CKernels
import TrainingAPI

/// A convolution of blocked images, with bias and ReLU where they follow at once.
struct Convolution: LayerOperation {
    let input: Signal
    let output: Signal
    let weight: ParameterTensor
    let bias: ParameterTensor?
    /// Whether the bias and a ReLU are applied to the sums.
    let hasReLU: Bool
    let kernels: ConvolutionKernels

    func forward(_ pass: Pass) {
        kernels.pack(pass.parameters.elements + weight.offset)
        lehr_correlate(
            kernels.forward,
            pass.workspace.values(of: input),
            kernels.packed.elements,
            bias.map { UnsafePointer(pass.parameters.elements + $0.offset) },
            pass.workspace.values(of: output),
            pass.blocks,
            hasReLU,
            false
        )
    }

    func backward(_ pass: Pass) {
        let slope = pass.workspace.gradient(of: output)
        kernels.clearPartial()
        kernels.addWeightGradient(pass.workspace.values(of: input), slope, blocks: pass.blocks)
        kernels.sumPartial(into: pass.gradient(at: weight.offset), adding: pass.accumulating)
        guard input.gradient != nil else { return }
        kernels.packTurned(pass.parameters.elements + weight.offset)
        kernels.correlateBack(slope, pass.workspace.gradient(of: input), blocks: pass.blocks)
    }
}
