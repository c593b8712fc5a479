internal import TrainingAPI

/// The lines of one run for its job's log, until they are reported.
struct RunLog {
    /// How long a line about measurements keeps further ones away: the curves have every value.
    private static let interval = Duration.seconds(1)

    private var lines: [String] = []
    private var dropped = 0
    private var notedAt: ContinuousClock.Instant?

    /// Adds a line, cut and cleaned to what the protocol takes; where too many wait, it is counted alone.
    mutating func append(_ line: String) {
        guard lines.count < WorkerReport.logLineLimit - 1 else {
            dropped += 1
            return
        }
        if line.utf8.count <= WorkerReport.logLineLength,
            line.utf8.allSatisfy({ (0x20..<0x7F).contains($0) })
        {
            lines.append(line)
            return
        }
        let scalars = line.unicodeScalars.map { scalar in
            scalar.properties.generalCategory == .control ? " " : Character(scalar)
        }
        lines.append(String(scalars.prefix(WorkerReport.logLineLength)))
    }

    /// Adds a line about values that stand at one count of finished updates, at most one a second.
    mutating func note(
        _ values: [(name: String, value: Double)],
        at step: Int,
        now: ContinuousClock.Instant = .now
    ) {
        guard notedAt.map({ $0 + Self.interval <= now }) ?? true else { return }
        notedAt = now
        let texts = values.map { "\($0.name) \($0.value)" }
        append("step \(step): \(texts.joined(separator: ", "))")
    }

    /// Takes the lines.
    mutating func drain() -> [String] {
        defer {
            lines = []
            dropped = 0
        }
        return dropped == 0 ? lines : lines + ["\(dropped) more lines came too fast to be kept"]
    }
}
