internal import TrainingAPI

/// Metrics as rows, one per step that has any, made a piece at a time.
struct MetricsRows: Sendable {
    /// How a row is written.
    enum Format: Sendable {
        /// A line of comma-separated values; blank where there is none, NaN where it is not finite.
        case csv
        /// A JSON object on a line; absent where there is none, null where it is not finite.
        case ndjson

        /// The media type.
        var mediaType: String {
            switch self {
            case .csv: "text/csv; charset=utf-8"
            case .ndjson: "application/x-ndjson"
            }
        }
    }

    /// How a row is written.
    let format: Format
    private let names: [String]
    private let curves: [Curve]
    private let stepsPerEpoch: Int
    /// The seconds of running, for a column of their own; `nil` for none.
    private let seconds: Curve?
    private var places: [Int]
    private var hasBegun: Bool

    /// Makes rows with a column for each of `names`.
    ///
    /// With `seconds` there is a column between the epoch and these: the seconds of running, drawn
    /// straight between the points of that curve and blank past its last. Without `hasHeading` they go on
    /// behind others.
    init(
        format: Format,
        names: [String],
        curves: [(name: String, curve: Curve)],
        stepsPerEpoch: Int,
        seconds: Curve? = nil,
        hasHeading: Bool = true
    ) {
        hasBegun = !hasHeading
        self.format = format
        self.names = names
        self.stepsPerEpoch = stepsPerEpoch
        self.seconds = seconds
        let byName = Dictionary(curves.map { ($0.name, $0.curve) }) { first, _ in first }
        self.curves = names.map { byName[$0] ?? Curve() }
        places = [Int](repeating: 0, count: names.count)
    }

    /// The next piece of up to `count` rows; empty after the last one.
    mutating func next(_ count: Int) -> [UInt8] {
        var writer = RowWriter(format: format)
        if !hasBegun {
            hasBegun = true
            let axes = ["step", "epoch"] + (seconds == nil ? [] : [SeriesEncoding.wallTime])
            if format == .csv { writer.heading(axes + names) }
        }
        for _ in 0..<count {
            guard let step = nextStep() else { break }
            var values: [Double?] = []
            for index in curves.indices {
                let curve = curves[index]
                let place = places[index]
                if place < curve.count, curve.steps[place] == step {
                    values.append(curve.values[place])
                    places[index] = place + 1
                } else {
                    values.append(nil)
                }
            }
            writer.row(
                step: step,
                epoch: Double(step) / Double(stepsPerEpoch),
                names: seconds == nil ? names : [SeriesEncoding.wallTime] + names,
                values: seconds.map { [$0.value(interpolatedAt: step)] + values } ?? values
            )
        }
        return writer.bytes
    }

    private func nextStep() -> Int? {
        curves.indices.compactMap { index in
            places[index] < curves[index].count ? curves[index].steps[places[index]] : nil
        }.min()
    }
}

/// Writes rows into one buffer.
private struct RowWriter {
    let format: MetricsRows.Format
    var bytes: [UInt8] = []

    mutating func heading(_ names: [String]) {
        bytes += Array((names.map(Self.quoted).joined(separator: ",") + "\r\n").utf8)
    }

    mutating func row(step: Int, epoch: Double, names: [String], values: [Double?]) {
        switch format {
        case .csv:
            let cells = values.map { $0.map { $0.isFinite ? Self.text($0) : "NaN" } ?? "" }
            let line = (["\(step)", Self.text(epoch)] + cells).joined(separator: ",")
            bytes += Array((line + "\r\n").utf8)
        case .ndjson:
            var writer = JSONWriter()
            writer.object { writer in
                writer.field("step", step)
                writer.field("epoch", epoch)
                for (name, value) in zip(names, values) {
                    if let value { writer.field(name, value) }
                }
            }
            bytes += writer.bytes
            bytes.append(UInt8(ascii: "\n"))
        }
    }

    private static func text(_ number: Double) -> String {
        String(decoding: number.json(), as: UTF8.self)
    }

    /// A cell by RFC 4180, quoted where it must be.
    private static func quoted(_ text: String) -> String {
        guard text.contains(where: { ",\"\r\n".contains($0) }) else { return text }
        return "\"\(text.replacing("\"", with: "\"\""))\""
    }
}
