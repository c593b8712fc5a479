import ArgumentParser
import Foundation
import TrainingAPI
import TrainingClient

/// `lehr submit`: sends a job and may follow it.
struct SubmitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "submit",
        abstract: "Submit a job.",
        discussion: """
            Examples:
              lehr submit job.yaml
              lehr submit job.json --watch
              lehr submit job.yaml --set optimizer.momentum=0.95 --set name=fast
              lehr submit job.yaml --validate-only
              lehr submit command.yaml --code .
              generate-job | lehr submit - --json

            With --watch the exit status is the job's outcome, and Ctrl-C leaves the
            job running.
            """
    )

    @Argument(
        help: "The job's specification, YAML or JSON; - is standard input.",
        completion: .file(extensions: ["yaml", "yml", "json"])
    )
    var specification: String

    @Option(
        name: .customLong("set"),
        parsing: .singleValue,
        help: ArgumentHelp("Replace a field's value, such as epochs=3.", valueName: "field=value")
    )
    var assignments: [String] = []

    @Option(
        help: ArgumentHelp(
            "Upload a folder, or an archive (.tar.gz or .zip), as the code of a job of kind command: it is"
                + " unpacked where the command starts. Of a folder \(Self.leftOut) are left out.",
            valueName: "folder|archive"
        ),
        completion: .file()
    )
    var code: String?

    @Flag(help: "Follow the job to its end.")
    var watch = false

    @Flag(help: "Check the job and store nothing.")
    var validateOnly = false

    @Option(help: "Submit once under this key, however often the command is run.")
    var idempotencyKey: String?

    @OptionGroup var server: ServerOptions

    func validate() throws {
        if validateOnly, watch || idempotencyKey != nil {
            throw ValidationError("--validate-only stores nothing to watch or to repeat.")
        }
        if validateOnly, code != nil {
            throw ValidationError("--validate-only stores nothing, and --code would upload.")
        }
    }

    func run() async throws {
        var assignments = try self.assignments.map { try Assignment($0) }
        let file = try SpecificationFile.read(specification)
        try await server.withClient { client in
            do {
                if let code { assignments.append(try await upload(code, client)) }
                let (bytes, format) = try file.edited(by: assignments)
                if validateOnly {
                    try show(try await client.validate(bytes, format))
                } else {
                    try await submit(bytes, format, client)
                }
            } catch let error as ClientError {
                throw report(error, on: file, assignments) ?? error
            }
        }
    }

    private static let leftOut = CodeArchive.leftOut.sorted().joined(separator: ", ")

    /// Uploads the code, and makes the job name it.
    private func upload(_ code: String, _ client: LehrClient) async throws -> Assignment {
        let archive = try CodeArchive(code)
        let progress = UploadProgress(isShown: isatty(STDERR_FILENO) == 1)
        let body = try UploadBody(file: archive.path) { [progress] in progress.sent($0) }
        progress.begin(total: body.count)
        let answer = try await client.putArchive(body)
        progress.end()
        withExtendedLifetime(archive) {}
        let isNew = answer.status == 201 ? "uploaded" : "is there already:"
        StandardOutput.note(
            "\(code) \(isNew) \(NumberText.count(answer.value.files)) files, archive"
                + " \(answer.value.hash.prefix(12))"
        )
        return Assignment(origin: "--code \(code)", path: ["code"], .string(answer.value.hash))
    }

    private func submit(
        _ bytes: [UInt8],
        _ format: BodyFormat,
        _ client: LehrClient
    ) async throws {
        let answer = try await client.submit(bytes, format, idempotencyKey: idempotencyKey)
        guard watch else {
            return try server.print(answer) { job, terminal in
                let warnings = job.warnings.map {
                    terminal.ink.paint("warning: ", .doubtful) + Self.text($0)
                }
                let name = job.name.map { " \(terminal.ink.paint($0, .strong))" } ?? ""
                return [
                    "submitted\(name)  \(job.id)  \(NumberText.count(job.progress.totalSteps)) steps"
                ] + warnings
            }
        }
        for warning in answer.value.warnings {
            StandardOutput.note("warning: \(Self.text(warning))")
        }
        try await WatchCommand.follow(answer.value, server, client)
    }

    /// A warning with the field that it is about.
    private static func text(_ warning: Fault) -> String {
        let place = warning.pointer.dropFirst().replacing("/", with: ".")
        return place.isEmpty ? warning.detail : "\(place): \(warning.detail)"
    }

    private func show(_ answer: Answer<Document>) throws {
        try server.print(answer) { document, terminal in
            let warnings = document["warnings"]?.array ?? []
            let steps = document["total_steps"]?.integer.map { ", \(NumberText.count($0)) steps" }
            return ["valid\(steps ?? "")"]
                + warnings.compactMap { warning in
                    let text = warning["detail"]?.string ?? warning.string
                    return text.map { terminal.ink.paint("warning: ", .doubtful) + $0 }
                }
                + (document["spec"].map { Outline.lines($0).map { "  \($0)" } } ?? [])
        }
    }

    /// The faults of a refused specification, at their places in the file.
    private func report(
        _ error: ClientError,
        on file: SpecificationFile,
        _ assignments: [Assignment]
    ) -> FaultReport? {
        guard let problem = error.problem, !problem.faults.isEmpty else { return nil }
        // A file that is not readable as a tree has no places but those that the server names.
        let document = try? file.document().document
        return FaultReport(
            summary: "\(file.name) is refused: "
                + (problem.faults.count == 1 ? "1 fault" : "\(problem.faults.count) faults"),
            faults: problem.faults,
            locator: FaultLocator(file: file.name, document: document, assignments: assignments)
        )
    }
}
