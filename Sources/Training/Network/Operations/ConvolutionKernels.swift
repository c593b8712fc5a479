import CKernels
import TrainingAPI

/// A convolution's sizes as the kernels take them, and their scratch memory.
final class ConvolutionKernels {
    /// From what comes in to what goes out.
    let forward: LehrCorrelation
    /// From the gradient of what went out to that of what came in.
    let backward: LehrCorrelation
    private let stride: Int
    private let padding: Int
    /// Room for the weights in the kernels' order.
    let packed: FloatBuffer
    /// Room for a gradient of sixteen parts for each weight.
    private let partial: FloatBuffer
    /// Room for a block of what came in with a rim.
    private let padded: FloatBuffer
    private let taps: [UnsafeMutablePointer<LehrTaps>]

    init(
        _ window: LayerSpecification.Window,
        weight: ParameterTensor,
        from input: (height: Int, width: Int),
        to output: (height: Int, width: Int)
    ) throws(TrainingError) {
        let (outputs, inputs, kernel) = (weight.shape[0], weight.shape[1], weight.shape[2])
        (stride, padding) = (window.stride, window.padding)
        packed = try FloatBuffer(count: lehr_packed_count(inputs, outputs, kernel))
        partial = try FloatBuffer(count: lehr_partial_count(inputs, outputs, kernel))
        padded = try FloatBuffer(
            count: lehr_padded_count(inputs, input.height, input.width, window.padding)
        )
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

    /// Orders torch's weights for the forward pass.
    func pack(_ weights: UnsafePointer<Float>) {
        let sizes = forward
        lehr_pack_weights(weights, sizes.inputs, sizes.outputs, sizes.kernel, packed.elements)
    }

    /// Orders them for `correlateBack`.
    func packTurned(_ weights: UnsafePointer<Float>) {
        let sizes = forward
        lehr_pack_turned_weights(
            weights,
            sizes.inputs,
            sizes.outputs,
            sizes.kernel,
            packed.elements
        )
    }

    /// Sets the gradient of what came in from that of what went out.
    func correlateBack(
        _ slope: UnsafePointer<Float>,
        _ gradient: UnsafeMutablePointer<Float>,
        blocks: Int
    ) {
        lehr_correlate(backward, slope, packed.elements, nil, gradient, blocks, false, false)
    }

    /// Sets the parts of the weights' gradient to 0.
    func clearPartial() {
        partial.elements.update(repeating: 0, count: partial.count)
    }

    /// Adds to these parts from what came in and from the gradient of what went out.
    func addWeightGradient(
        _ source: UnsafePointer<Float>,
        _ slope: UnsafePointer<Float>,
        blocks: Int
    ) {
        let room = padded.elements
        lehr_weight_gradient(
            forward,
            stride,
            padding,
            source,
            slope,
            blocks,
            room,
            partial.elements
        )
    }

    /// Sets the weights' gradient to the sums of its parts, or adds them to it.
    func sumPartial(into gradient: UnsafeMutablePointer<Float>, adding: Bool) {
        lehr_sum_partial(partial.elements, partial.count / 16, gradient, adding)
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
