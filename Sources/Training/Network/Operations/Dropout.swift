import CKernels
import Datasets

/// Zeroes values at random in training and multiplies the others by `1 / (1 - rate)`.
///
/// A value is kept where the uniform number of (update, row · F + feature) is at least the rate: row is
/// the place among the update's rows, feature that in torch's order, and F the number of features
/// rounded up to a multiple of 4. So the masks do not depend on how an update is cut into batches.
///
/// Source: Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting".
struct Dropout: LayerOperation {
    let input: Signal
    let output: Signal
    let rate: Double
    let stream: RandomStream
    /// The place of the masks among a workspace's.
    let mask: Int

    func forward(_ pass: Pass) {
        let area = pass.workspace.area(of: input, rows: pass.rows)
        let values = pass.workspace.values(of: input)
        guard pass.isTraining else {
            if input.values != output.values {
                lehr_copy(area, values, pass.workspace.values(of: output))
            }
            return
        }
        lehr_dropout(
            settings(pass),
            area,
            values,
            pass.workspace.values(of: output),
            pass.workspace.mask(mask)
        )
    }

    func backward(_ pass: Pass) {
        guard input.gradient != nil else { return }
        lehr_dropout_backward(
            settings(pass),
            pass.workspace.area(of: input, rows: pass.rows),
            pass.workspace.gradient(of: input),
            pass.workspace.mask(mask)
        )
    }

    private func settings(_ pass: Pass) -> LehrDropout {
        let step = UInt64(pass.step)
        return LehrDropout(
            key: (stream.philox.key.x, stream.philox.key.y),
            counter: (
                stream.layerAndPurpose,
                UInt32(truncatingIfNeeded: step),
                UInt32(truncatingIfNeeded: step >> 32)
            ),
            first_row: UInt32(pass.firstRow),
            threshold: UInt32((rate * 0x1p24).rounded(.up)),
            scale: Float(1 / (1 - rate))
        )
    }
}
