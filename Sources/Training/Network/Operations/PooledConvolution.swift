import CKernels
import TrainingAPI

/// A convolution, its bias, a ReLU and a maximum over windows that lie beside each other.
///
/// What the convolution gives never leaves the nearest cache: the maxima are kept, and where they lay.
struct PooledConvolution: LayerOperation {
    let input: Signal
    let output: Signal
    let weight: ParameterTensor
    let bias: ParameterTensor?
    let kernels: ConvolutionKernels
    /// The side of a window.
    let pool: Int
    /// The place of the array that has the maxima's places, a byte each.
    let places: Int
    let room: Room

    /// Scratch memory of a pooled convolution.
    final class Room {
        /// The rows of a few channels that one row of windows covers.
        let rows: FloatBuffer
        /// The gradient of what the convolution gave, of one block; 0 where no window is.
        let block: FloatBuffer

        init(_ kernels: ConvolutionKernels, pool: Int) throws(TrainingError) {
            let sizes = kernels.forward
            rows = try FloatBuffer(count: lehr_pooled_rows_count(sizes, pool))
            block = try FloatBuffer(count: sizes.outputs * sizes.height * sizes.width * 16)
        }
    }

    func forward(_ pass: Pass) {
        kernels.pack(pass.parameters.elements + weight.offset)
        lehr_correlate_max_pool(
            kernels.forward,
            pool,
            pass.workspace.values(of: input),
            kernels.packed.elements,
            bias.map { UnsafePointer(pass.parameters.elements + $0.offset) },
            room.rows.elements,
            pass.workspace.values(of: output),
            pass.isTraining ? pass.workspace.bytes(places) : nil,
            pass.blocks
        )
    }

    func backward(_ pass: Pass) {
        let slope = pass.workspace.gradient(of: output)
        sumBiasGradient(pass, slope)
        let source = pass.workspace.values(of: input)
        let inputGradient = input.gradient.map { pass.workspace.array($0) }
        if inputGradient != nil { kernels.packTurned(pass.parameters.elements + weight.offset) }
        kernels.clearPartial()
        for block in 0..<pass.blocks {
            let start = block * output.shape.count * 16
            lehr_unpool(
                kernels.forward,
                pool,
                slope + start,
                pass.workspace.bytes(places) + start,
                room.block.elements
            )
            let before = block * input.shape.count * 16
            kernels.addWeightGradient(source + before, room.block.elements, blocks: 1)
            if let inputGradient {
                kernels.correlateBack(room.block.elements, inputGradient + before, blocks: 1)
            }
        }
        kernels.sumPartial(into: pass.gradient(at: weight.offset), adding: pass.accumulating)
    }

    private func sumBiasGradient(_ pass: Pass, _ slope: UnsafePointer<Float>) {
        guard let bias else { return }
        lehr_channel_sums(
            slope,
            pass.workspace.values(of: output),
            pass.blocks,
            output.shape.channels,
            output.shape.size.height * output.shape.size.width * 16,
            true,
            pass.gradient(at: bias.offset),
            pass.accumulating
        )
    }
}
