import Schedules
import TrainingAPI

/// A schedule that was brought into the native vocabulary, with what differs.
struct ConversionReport: JSONWritable {
    /// What it was, in words.
    let source: String
    /// The updates over which both were compared.
    let steps: Int
    let conversion: LibraryConversion

    /// Whether nothing differs.
    var isExact: Bool { conversion.differences.isEmpty }

    /// The schedule as YAML, under comments that say how it relates to its source.
    func lines() throws -> [String] {
        let compared = steps == 1 ? "the one update" : "each of \(NumberText.count(steps)) updates"
        let comments =
            isExact
            ? ["# \(source): the same rate at \(compared)."]
            : ["# \(source), with differences:"]
                + conversion.differences.map { "# - \($0)" }
        let document = try BodyFormat.json.read(conversion.schedule.json()).document
        return comments + Outline.lines(document)
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("schedule", conversion.schedule)
            writer.field("exact", isExact)
            writer.field("steps", steps)
            writer.field("largest_difference", conversion.largestDifference)
            writer.field("first_difference", conversion.firstDifference)
            writer.field("differences", conversion.differences)
        }
    }
}
