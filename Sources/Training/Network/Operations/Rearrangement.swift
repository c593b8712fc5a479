import CKernels
import TrainingAPI

/// Brings a batch's rows into the form that the first layer takes; there is no gradient to carry back.
struct RowArrangement: LayerOperation {
    let input: Signal
    let output: Signal

    func forward(_ pass: Pass) {
        let workspace = pass.workspace
        let (rows, values) = (workspace.values(of: input), workspace.values(of: output))
        let channels: Int
        let places: Int
        switch input.shape {
        case .flat(let features): (channels, places) = (features, 1)
        case .image(let count, let height, let width): (channels, places) = (count, height * width)
        }
        switch output.form {
        case .rows: lehr_channels_first(rows, pass.rows, places, channels, values)
        case .features:
            let stride = workspace.featureStride
            lehr_transpose_rows(rows, pass.rows, places, channels, values, stride, 16)
        case .blocks:
            let stride = places * channels * 16
            lehr_transpose_rows(rows, pass.rows, places, channels, values, 16, stride)
        }
    }

    func backward(_ pass: Pass) {}
}

/// Blocked images as features, in torch's order: channel by channel, row by row.
struct Flattening: LayerOperation {
    let input: Signal
    let output: Signal

    func forward(_ pass: Pass) {
        let features = input.shape.count
        lehr_copy_blocks(
            pass.workspace.values(of: input),
            16,
            features * 16,
            pass.workspace.values(of: output),
            pass.workspace.featureStride,
            16,
            features,
            pass.blocks
        )
    }

    func backward(_ pass: Pass) {
        guard input.gradient != nil else { return }
        let features = input.shape.count
        lehr_copy_blocks(
            pass.workspace.gradient(of: output),
            pass.workspace.featureStride,
            16,
            pass.workspace.gradient(of: input),
            16,
            features * 16,
            features,
            pass.blocks
        )
    }
}
