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
        let weights = pass.parameters.elements + weight.offset
        lehr_pack_weights(weights, inputs, outputs, kernel, kernels.packed.elements)
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
        lehr_weight_gradient(
            kernels.forward,
            kernels.stride,
            pass.workspace.values(of: input),
            slope,
            pass.blocks,
            kernels.partial.elements,
            pass.gradient(at: weight.offset),
            pass.accumulating
        )
        guard input.gradient != nil else { return }
        let weights = pass.parameters.elements + weight.offset
        lehr_pack_turned_weights(weights, inputs, outputs, kernel, kernels.packed.elements)
        lehr_correlate(
            kernels.backward,
            slope,
            kernels.packed.elements,
            nil,
            pass.workspace.gradient(of: input),
            pass.blocks,
            false,
            false
        )
    }

    private var inputs: Int { weight.shape[1] }
    private var outputs: Int { weight.shape[0] }
    private var kernel: Int { weight.shape[2] }
}

/// A convolution's sizes as the kernels take them, and their scratch memory.
final class ConvolutionKernels {
    /// From what comes in to what goes out.
    let forward: LehrCorrelation
    /// From the gradient of what went out to that of what came in.
    let backward: LehrCorrelation
    let stride: Int
    /// Room for the weights in the kernels' order.
    let packed: FloatBuffer
    /// Room for a gradient of sixteen parts for each weight.
    let partial: FloatBuffer
    private let taps: [UnsafeMutablePointer<LehrTaps>]

    init(
        _ window: LayerSpecification.Window,
        weight: ParameterTensor,
        from input: (height: Int, width: Int),
        to output: (height: Int, width: Int)
    ) throws(TrainingError) {
        let (outputs, inputs, kernel) = (weight.shape[0], weight.shape[1], weight.shape[2])
        stride = window.stride
        packed = try FloatBuffer(count: lehr_packed_count(inputs, outputs, kernel))
        partial = try FloatBuffer(count: lehr_partial_count(inputs, outputs, kernel))
        let tables = [
            window.forwardTaps(from: input.height, to: output.height),
            window.forwardTaps(from: input.width, to: output.width),
            window.backwardTaps(from: input.height, to: output.height),
            window.backwardTaps(from: input.width, to: output.width),
        ]
        taps = tables.map { table in
            let memory = UnsafeMutablePointer<LehrTaps>.allocate(capacity: table.count)
            memory.initialize(from: table, count: table.count)
            return memory
        }
        forward = LehrCorrelation(
            inputs: inputs,
            outputs: outputs,
            source_height: input.height,
            source_width: input.width,
            height: output.height,
            width: output.width,
            kernel: kernel,
            tap_step: 1,
            down: taps[0],
            across: taps[1]
        )
        backward = LehrCorrelation(
            inputs: outputs,
            outputs: inputs,
            source_height: output.height,
            source_width: output.width,
            height: input.height,
            width: input.width,
            kernel: kernel,
            tap_step: window.stride,
            down: taps[2],
            across: taps[3]
        )
    }

    deinit {
        for table in taps { table.deallocate() }
    }
}

extension LayerSpecification.Window {
    /// What the window sees of `input` values at each of its `output` places.
    fileprivate func forwardTaps(from input: Int, to output: Int) -> [LehrTaps] {
        (0..<output).map { place in
            let start = place * stride - padding
            let (first, end) = (max(0, -start), min(size, input - start))
            return LehrTaps(
                tap: Int32(first),
                count: Int32(max(0, end - first)),
                source: Int32(start + first)
            )
        }
    }

    /// At each of `input` values, which of the `output` places saw it, by a window turned by half a
    /// circle.
    ///
    /// Place o sees value i under tap `i + padding - o · stride`, which the turned window has at
    /// `size - 1` less that; so taps a stride apart lie over neighbouring places.
    fileprivate func backwardTaps(from input: Int, to output: Int) -> [LehrTaps] {
        (0..<input).map { value in
            let first = max(0, (value + padding - size + stride) / stride)
            let last = min(output - 1, (value + padding) / stride)
            guard first <= last, value + padding - size + 1 <= last * stride else {
                return LehrTaps(tap: 0, count: 0, source: 0)
            }
            let start = max(first, 0)
            return LehrTaps(
                tap: Int32(size - 1 - (value + padding - start * stride)),
                count: Int32(last - start + 1),
                source: Int32(start)
            )
        }
    }
}
