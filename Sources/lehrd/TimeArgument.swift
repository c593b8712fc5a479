import ArgumentParser

/// A length of time as people type it: `500ms`, `30s`, `10m`, `12h`, `90d`.
struct TimeArgument: ExpressibleByArgument, Hashable, Sendable {
    private static let units: [(suffix: String, unit: Duration)] = [
        ("ms", .milliseconds(1)), ("s", .seconds(1)), ("m", .seconds(60)), ("h", .seconds(3_600)),
        ("d", .seconds(86_400)),
    ]

    /// The length; never negative.
    let duration: Duration

    init(_ duration: Duration) {
        self.duration = duration
    }

    init?(argument: String) {
        for (suffix, unit) in Self.units where argument.hasSuffix(suffix) {
            guard let count = Double(argument.dropLast(suffix.count)), (0...1e9).contains(count)
            else { continue }
            self.init(unit * count)
            return
        }
        return nil
    }

    var defaultValueDescription: String {
        let fitting = Self.units.last { duration >= $0.unit } ?? Self.units[0]
        return "\(Int(duration / fitting.unit))\(fitting.suffix)"
    }
}
