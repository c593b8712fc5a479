/// The text that Prometheus scrapes.
///
/// Source: the Prometheus text format 0.0.4 and OpenMetrics 1.0; the two differ here in the names of
/// counters and in the last line.
struct Exposition {
    /// Which of the two formats is written.
    enum Format {
        /// `text/plain; version=0.0.4`.
        case prometheus
        /// `application/openmetrics-text; version=1.0.0`.
        case openMetrics

        /// The format that an `Accept` field asks for.
        init(accept: String?) {
            let types = ["text/plain", "application/openmetrics-text"]
            let best = Accept(accept).best(of: types)
            self = best == "application/openmetrics-text" ? .openMetrics : .prometheus
        }

        /// The media type.
        var mediaType: String {
            switch self {
            case .prometheus: "text/plain; version=0.0.4; charset=utf-8"
            case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
            }
        }
    }

    private let format: Format
    private var text = ""

    /// Begins a text in `format`.
    init(_ format: Format) {
        self.format = format
    }

    /// Writes a value that goes up and down, one sample per set of labels.
    mutating func gauge(
        _ name: String,
        _ help: String,
        _ samples: [(labels: [(String, String)], value: Double)]
    ) {
        head(name, "gauge", help)
        for sample in samples { line(name, sample.labels, sample.value) }
    }

    /// Writes a value that only goes up; `name` without its `_total`.
    mutating func counter(
        _ name: String,
        _ help: String,
        _ samples: [(labels: [(String, String)], value: Double)]
    ) {
        head(format == .openMetrics ? name : name + "_total", "counter", help)
        for sample in samples { line(name + "_total", sample.labels, sample.value) }
    }

    /// Ends the text.
    func finished() -> [UInt8] {
        Array((format == .openMetrics ? text + "# EOF\n" : text).utf8)
    }

    private mutating func head(_ name: String, _ type: String, _ help: String) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
    }

    private mutating func line(_ name: String, _ labels: [(String, String)], _ value: Double) {
        text += name
        if !labels.isEmpty {
            let pairs = labels.map { "\($0.0)=\"\(Self.escaped($0.1))\"" }
            text += "{\(pairs.joined(separator: ","))}"
        }
        text += Int(exactly: value).map { " \($0)\n" } ?? " \(value)\n"
    }

    private static func escaped(_ label: String) -> String {
        label.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing(
            "\n",
            with: "\\n"
        )
    }
}
