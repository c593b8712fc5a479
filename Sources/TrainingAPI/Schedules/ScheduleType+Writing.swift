public import Schedules

extension ScheduleType: JSONWritable {
    /// Writes the type as a catalogue shows it.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("type", name)
            writer.field("summary", summary)
            writer.field("formula", formula)
            writer.field("source", source)
            writer.field("parameters", parameters)
        }
    }
}

extension ScheduleParameter: JSONWritable {
    /// Writes the parameter as a catalogue shows it.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("name", name)
            writer.field("type", kind.name)
            writer.field("summary", summary)
            writeRange(to: &writer)
            switch defaultValue {
            case .required: writer.field("required", true)
            case .value(let value): writer.field("default", value)
            case .derived(let words): writer.field("default_description", words)
            }
        }
    }

    private func writeRange(to writer: inout JSONWriter) {
        if kind == .name, name == "monitor" {
            writer.field("expects", ValueRule<String>.metricName.expectation)
            return
        }
        writer.field("expects", kind.requirement)
        switch kind {
        case .number(let bounds):
            if let lower = bounds.lower {
                writer.field(bounds.includesLower ? "minimum" : "exclusive_minimum", lower)
            }
            if let upper = bounds.upper {
                writer.field(bounds.includesUpper ? "maximum" : "exclusive_maximum", upper)
            }
        case .count(let least): writer.field("minimum", least)
        case .choice(let words): writer.field("choices", words)
        default: break
        }
    }
}
