import ArgumentParser
import Schedules
import TrainingAPI

/// `lehr schedule types`: the kinds of schedule.
struct ScheduleTypesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "types",
        abstract: "List the kinds of schedule, or describe one of them.",
        discussion: """
            Examples:
              lehr schedule types
              lehr schedule types reduce_on_plateau
              lehr schedule types --json
            """
    )

    @Argument(help: "The kind to describe.")
    var type: String?

    @Flag(help: "Write the catalogue as JSON.")
    var json = false

    func validate() throws {
        guard let type, ScheduleCatalogue.type(named: type) == nil else { return }
        let names = ScheduleCatalogue.types.map(\.name).joined(separator: ", ")
        throw ValidationError("There is no kind of schedule \(type); the kinds are \(names).")
    }

    func run() throws {
        let one = type.flatMap { ScheduleCatalogue.type(named: $0) }
        if json {
            var writer = JSONWriter()
            if let one {
                one.write(to: &writer)
            } else {
                writer.object { $0.field("items", ScheduleCatalogue.types) }
            }
            return try StandardOutput.write(writer.bytes + [UInt8(ascii: "\n")])
        }
        let terminal = Terminal.current(Environment.process)
        try StandardOutput.write(
            lines: one.map { ScheduleSheet.lines($0, terminal: terminal) }
                ?? ScheduleSheet.lines(ScheduleCatalogue.types, terminal: terminal)
        )
    }
}
