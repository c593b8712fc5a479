import CKernels

/// Where a residual block begins; in the backward pass, where the gradients of both ways meet.
struct ResidualStart: LayerOperation {
    let input: Signal
    /// Where `ResidualSum` keeps the gradient that goes past the block.
    let past: Int

    func forward(_ pass: Pass) {}

    func backward(_ pass: Pass) {
        guard input.gradient != nil else { return }
        let gradient = pass.workspace.gradient(of: input)
        lehr_add(
            pass.workspace.area(of: input, rows: pass.rows),
            gradient,
            pass.workspace.array(past),
            gradient
        )
    }
}

/// The sum of what came into a residual block and what its layers gave.
struct ResidualSum: LayerOperation {
    let input: Signal
    let inner: Signal
    let output: Signal
    let past: Int

    func forward(_ pass: Pass) {
        lehr_add(
            pass.workspace.area(of: input, rows: pass.rows),
            pass.workspace.values(of: input),
            pass.workspace.values(of: inner),
            pass.workspace.values(of: output)
        )
    }

    /// The gradient of the sum is that of both parts: one lies where it is, the other is kept.
    func backward(_ pass: Pass) {
        guard input.gradient != nil else { return }
        lehr_copy(
            pass.workspace.area(of: output, rows: pass.rows),
            pass.workspace.gradient(of: output),
            pass.workspace.array(past)
        )
    }
}
