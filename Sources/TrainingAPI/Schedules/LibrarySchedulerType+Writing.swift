internal import Foundation

public import Schedules

extension LibrarySchedulerType: JSONWritable {
    /// Writes the names and the parameters; a required parameter has no default.
    public func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("name", name)
            writer.field("aliases", aliases)
            writer.field("follows_metric", followsMetric)
            writer.name("parameters")
            writer.array { writer in
                for parameter in parameters {
                    writer.object { writer in
                        writer.field("name", parameter.name)
                        writer.field("required", parameter.defaultValue == nil)
                        // A value of a table always encodes.
                        if let value = parameter.defaultValue,
                            let text = try? JSONEncoder().encode(value)
                        {
                            writer.name("default")
                            writer.raw(text)
                        }
                    }
                }
            }
        }
    }
}
