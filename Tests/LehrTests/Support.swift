import TrainingAPI

@testable import lehr

extension JobBody {
    /// A job of 10 epochs of 422 steps.
    static func sample(
        _ state: String = "running",
        step: Int = 1434,
        name: String? = "fashion-cosine",
        id: String = "0197a3f2-5c1d-7000-8000-000000000001"
    ) -> JobBody {
        var job = JobBody(
            id: id,
            kind: "train",
            state: state,
            attempt: 1,
            specification: JSONFragment(Document(.object([]))),
            progress: .init(step: step, totalSteps: 4220, stepsPerEpoch: 422, secondsLeft: 2.34),
            createdAt: "2026-01-01T00:00:00Z"
        )
        job.name = name
        return job
    }
}

extension Terminal {
    /// A terminal without colours.
    static func sized(_ columns: Int, _ rows: Int) -> Terminal {
        Terminal(columns: columns, rows: rows, isInteractive: true, ink: Ink(isColored: false))
    }
}

extension MetricsBody {
    /// Curves that fall to a validation every 422 steps.
    static func sample(to step: Int) -> MetricsBody {
        let steps = Array(0..<step)
        let ends = Array(stride(from: 422, through: step, by: 422))
        func series(_ steps: [Int], _ value: (Int) -> Double) -> Series {
            Series(steps: steps, values: steps.map(value), sourcePoints: steps.count)
        }
        return MetricsBody(
            series: [
                ("train_loss", series(steps) { 2 - Double($0) / 4220 }),
                ("learning_rate", series(steps) { _ in 0.1 }),
                ("validation_loss", series(ends) { 1 - Double($0) / 4220 }),
                ("validation_accuracy", series(ends) { Double($0) / 4220 }),
            ],
            complete: false
        )
    }
}
