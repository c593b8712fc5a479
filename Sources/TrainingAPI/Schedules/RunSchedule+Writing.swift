public import Schedules

extension RunSchedule: JSONWritable {
    /// Writes the form of the schedule in it.
    public func write(to writer: inout JSONWriter) {
        switch self {
        case .native(let schedule): schedule.write(to: &writer)
        case .library(let schedule): schedule.write(to: &writer)
        }
    }
}

extension LibrarySchedule: JSONWritable {
    /// Writes the schedule as it is read; parameters that are left out stay the library's.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("library", library.rawValue)
            writer.field("name", name)
            writer.field("params", parameters)
            if let learningRate { writer.field("learning_rate", learningRate) }
            writer.field("unit", unit)
            if let monitor { writer.field("monitor", monitor) }
        }
    }
}

extension LibraryValue: JSONWritable {
    /// Writes the value; the members of an object stand in the order of their names.
    public func write(to writer: inout JSONWriter) {
        switch self {
        case .null: writer.null()
        case .flag(let flag): flag.write(to: &writer)
        case .number(let number): number.write(to: &writer)
        case .text(let text): text.write(to: &writer)
        case .list(let items): items.write(to: &writer)
        case .object(let fields): fields.write(to: &writer)
        }
    }
}
