import TrainingAPI

/// All that a person wants to know of one job.
enum JobSheet {
    /// The sheet's lines.
    static func lines(_ job: JobBody, ink: Ink) -> [String] {
        let progress = job.progress
        var facts: [(String, String)] = [
            ("id", job.id),
            ("state", ink.paint(job.state, JobText.paint(ofState: job.state))),
        ]
        facts += fact("why", job.stateReason)
        facts += fact("failure", job.failure.map { "\($0.detail) (\($0.code))" })
        facts.append(
            (
                "progress",
                "step \(NumberText.count(progress.step)) of \(NumberText.count(progress.totalSteps)), "
                    + "epoch \(NumberText.epochs(progress.epoch)) of "
                    + NumberText.epochs(progress.epochs)
            )
        )
        facts += fact("left", progress.secondsLeft.map { NumberText.duration(seconds: $0) })
        facts += fact("attempt", job.attempt > 0 ? "\(job.attempt)" : nil)
        facts += fact("worker", job.host)
        facts += fact(
            "labels",
            job.labels.isEmpty
                ? nil
                : job.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
                    .joined(separator: ", ")
        )
        facts += fact("notes", job.notes)
        facts += [("created", job.createdAt)]
        facts += fact("started", job.startedAt)
        facts += fact("finished", job.finishedAt)
        facts += job.summary.map(results) ?? []
        let width = facts.map(\.0.count).max() ?? 0
        return [ink.paint(JobText.title(job), .strong)]
            + facts.map { name, value in
                let pad = String(repeating: " ", count: width - name.count)
                return "  \(ink.paint(name, .faint))\(pad)  \(value)"
            }
            + [ink.paint("specification", .strong)]
            + Outline.lines(job.specification.document).map { "  \($0)" }
    }

    private static func fact(_ name: String, _ value: String?) -> [(String, String)] {
        value.map { [(name, $0)] } ?? []
    }

    private static func results(_ summary: TrainingSummary) -> [(String, String)] {
        let values: [(String, Double?)] = [
            ("train loss", summary.trainLoss), ("validation loss", summary.validationLoss),
            ("validation accuracy", summary.validationAccuracy), ("test loss", summary.testLoss),
            ("test accuracy", summary.testAccuracy), ("steps per second", summary.stepsPerSecond),
        ]
        var facts = values.flatMap { name, value in fact(name, value.map(NumberText.value)) }
        facts += fact("skipped steps", summary.skippedSteps > 0 ? "\(summary.skippedSteps)" : nil)
        facts += fact("rollbacks", summary.rollbacks > 0 ? "\(summary.rollbacks)" : nil)
        facts += fact("took", summary.seconds.map { NumberText.duration(seconds: $0) })
        guard let best = summary.best else { return facts }
        let parts = [
            "validation loss \(NumberText.value(best.validationLoss))",
            best.validationAccuracy.map { "validation accuracy \(NumberText.value($0))" },
            best.testAccuracy.map { "test accuracy \(NumberText.value($0))" },
        ]
        let text = parts.compactMap(\.self).joined(separator: ", ")
        return facts + [("best", "step \(NumberText.count(best.step)): \(text)")]
    }
}
