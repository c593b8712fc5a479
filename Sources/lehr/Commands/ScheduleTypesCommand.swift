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
              lehr schedule types --library torch
              lehr schedule types OneCycleLR --library torch
              lehr schedule types --json
            """
    )

    @Argument(help: "The kind to describe.", completion: Completions.scheduleTypes)
    var type: String?

    @Option(
        help: ArgumentHelp(
            "List a library's schedulers with their parameters: "
                + Library.allCases.map(\.rawValue).joined(separator: ", ") + ".",
            valueName: "library"
        ),
        transform: { text in
            guard let library = Library(rawValue: text.lowercased().replacing("-", with: "_"))
            else {
                throw ValidationError(
                    "There is no library \(text) here; there are "
                        + Library.allCases.map(\.rawValue).joined(separator: ", ") + "."
                )
            }
            return library
        }
    )
    var library: Library?

    @Flag(help: "Write the catalogue as JSON.")
    var json = false

    func validate() throws {
        if let library, let type, scheduler(type, of: library) == nil {
            throw ValidationError(
                "\(library.rawValue) has no scheduler \(type) here; it has "
                    + library.names.joined(separator: ", ") + "."
            )
        }
        guard library == nil, let type, ScheduleCatalogue.type(named: type) == nil else { return }
        let names = ScheduleCatalogue.types.map(\.name).joined(separator: ", ")
        throw ValidationError("There is no kind of schedule \(type); the kinds are \(names).")
    }

    func run() throws {
        if let library { return try describe(library) }
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

    private func describe(_ library: Library) throws {
        let one = type.flatMap { scheduler($0, of: library) }
        if json {
            var writer = JSONWriter()
            if let one {
                one.write(to: &writer)
            } else {
                writer.object { $0.field("items", library.types) }
            }
            return try StandardOutput.write(writer.bytes + [UInt8(ascii: "\n")])
        }
        let terminal = Terminal.current(Environment.process)
        try StandardOutput.write(
            lines: one.map { LibrarySheet.lines($0, terminal: terminal) }
                ?? LibrarySheet.lines(library, terminal: terminal)
        )
    }

    private func scheduler(_ name: String, of library: Library) -> LibrarySchedulerType? {
        library.types.first { $0.name == name || $0.aliases.contains(name) }
    }
}
