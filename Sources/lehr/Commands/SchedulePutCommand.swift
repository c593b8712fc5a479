import ArgumentParser
import TrainingAPI
import TrainingClient

/// `lehr schedule put`: stores a schedule under a name.
struct SchedulePutCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "put",
        abstract: "Store a schedule on the server as the newest version of a name.",
        discussion: """
            Examples:
              lehr schedule put warm schedule.yaml
              lehr schedule put warm job.yaml --set learning_rate=0.05
              lehr submit job.yaml --set schedule.name=warm

            A job's specification gives its schedule. The same content again makes no new
            version; a job that was accepted keeps the version that it has.
            """
    )

    @Argument(help: "The name.", completion: Completions.schedules)
    var name: String

    @Argument(
        help: "The schedule, or a job's specification, YAML or JSON; - is standard input.",
        completion: .file(extensions: ["yaml", "yml", "json"])
    )
    var file: String

    @Option(
        name: .customLong("set"),
        parsing: .singleValue,
        help: ArgumentHelp(
            "Replace a field's value, such as learning_rate=0.05.",
            valueName: "field=value"
        )
    )
    var assignments: [String] = []

    @Option(help: "Store only where the newest version has this tag.")
    var ifMatch: String?

    @OptionGroup var server: ServerOptions

    func run() async throws {
        let assignments = try self.assignments.map { try Assignment($0) }
        let file = try SpecificationFile.read(file)
        let (document, faults) = try file.document()
        let schedule = document["schedule"] ?? document
        let locator = FaultLocator(
            file: file.name,
            document: schedule,
            assignments: assignments
        )
        guard faults.isEmpty else {
            throw FaultReport(summary: "\(file.name) is faulty", faults: faults, locator: locator)
        }
        let edited = try assignments.reduce(schedule) { try $1.applied(to: $0) }
        // As it stands in the file where nothing is taken out or set, so that its lines are the file's.
        let isWhole = assignments.isEmpty && document["schedule"] == nil
        let (bytes, format) = isWhole ? (file.bytes, file.format) : (edited.json(), .json)
        try await server.withClient { client in
            do {
                let answer = try await client.putSchedule(
                    bytes,
                    format,
                    as: name,
                    ifMatch: ifMatch
                )
                try server.print(answer) { stored, terminal in
                    let isNew = answer.status == 201
                    return [
                        StoredScheduleText.receipt(stored, isNew: isNew, ink: terminal.ink)
                    ]
                }
            } catch let error as ClientError {
                throw Self.report(error, locator, isWhole: isWhole) ?? error
            }
        }
    }

    /// The faults of a refused schedule, at their places in the file.
    private static func report(
        _ error: ClientError,
        _ locator: FaultLocator,
        isWhole: Bool
    ) -> FaultReport? {
        guard let problem = error.problem, !problem.faults.isEmpty else { return nil }
        let faults = problem.faults.map { fault in
            isWhole
                ? fault : Fault(pointer: fault.pointer, detail: fault.detail, code: fault.code)
        }
        let count = faults.count == 1 ? "1 fault" : "\(faults.count) faults"
        return FaultReport(
            summary: "\(locator.file) is refused: \(count)",
            faults: faults,
            locator: locator
        )
    }
}
