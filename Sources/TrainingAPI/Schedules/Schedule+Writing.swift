public import Schedules

extension Schedule: JSONWritable {
    /// Writes the schedule with every default filled in that the run does not decide.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            curve.writeFields(to: &writer)
            writer.field("learning_rate", learningRate)
            if let floor { writer.field("floor", floor) }
            if let warmup { writer.field("warmup", warmup) }
        }
    }

    /// The metric that the schedule's reductions are decided on; `nil` where nothing is fed back.
    public var monitor: String? { curve.monitor }
}

extension Curve {
    fileprivate func writeFields(to writer: inout JSONWriter) {
        writer.field("type", type.name)
        for parameter in type.parameters {
            if let value = parameters[parameter.name] { writer.field(parameter.name, value) }
        }
    }

    /// The metric that this curve, or a part of it, is fed with.
    var monitor: String? {
        for value in parameters.sorted(by: { $0.key < $1.key }).map(\.value) {
            switch value {
            case .phases(let phases):
                if let monitor = phases.lazy.compactMap(\.curve.monitor).first { return monitor }
            case .factors(let factors):
                if let monitor = factors.lazy.compactMap(\.monitor).first { return monitor }
            default: continue
            }
        }
        guard case .name(let monitor)? = parameters["monitor"] else { return nil }
        return monitor
    }
}

extension Curve: JSONWritable {
    /// Writes `type` and every parameter that does not follow from the run.
    public func write(to writer: inout JSONWriter) {
        writer.object { writeFields(to: &$0) }
    }
}

extension Warmup: JSONWritable {
    /// Writes the warm-up with every default filled in.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("length", length)
            writer.field("from", from)
            writer.field("shape", shape)
        }
    }
}

extension Target: JSONWritable {
    /// Writes a number, or an object with the share of the peak.
    public func write(to writer: inout JSONWriter) {
        switch self {
        case .value(let rate): rate.write(to: &writer)
        case .fractionOfPeak(let share):
            writer.object { $0.field("fraction_of_peak", share) }
        }
    }
}

extension Phase: JSONWritable {
    /// Writes the phase; what is not set is left out.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            if let length { writer.field("length", length) }
            curve.writeFields(to: &writer)
            if let learningRate { writer.field("learning_rate", learningRate) }
            if let floor { writer.field("floor", floor) }
            if let warmup { writer.field("warmup", warmup) }
        }
    }
}

extension ParameterValue: JSONWritable {
    /// Writes the value as it is read.
    public func write(to writer: inout JSONWriter) {
        switch self {
        case .number(let number): number.write(to: &writer)
        case .count(let count): count.write(to: &writer)
        case .flag(let flag): flag.write(to: &writer)
        case .choice(let text), .name(let text): text.write(to: &writer)
        case .length(let length): length.write(to: &writer)
        case .lengths(let lengths): lengths.write(to: &writer)
        case .target(let target): target.write(to: &writer)
        case .targets(let targets): targets.write(to: &writer)
        case .momentum(let range):
            guard let range else { return writer.null() }
            writer.object { writer in
                writer.field("high", range.high)
                writer.field("low", range.low)
            }
        case .knots(let knots):
            writer.array { writer in
                for knot in knots {
                    writer.object { writer in
                        writer.field("at", knot.at)
                        writer.field("rate", knot.rate)
                    }
                }
            }
        case .phases(let phases): phases.write(to: &writer)
        case .factors(let factors): factors.write(to: &writer)
        }
    }
}
