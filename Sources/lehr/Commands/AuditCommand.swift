import ArgumentParser
import TrainingAPI
import TrainingClient

/// `lehr audit`: compares the rates that a job used with those that it was to use.
struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Compare the learning rates that a job used with those that it was to use.",
        discussion: """
            Examples:
              lehr audit @last
              lehr audit fashion-plateau --json

            Every step is compared to the last bit. The exit status is 1 where one used another rate.
            """
    )

    @Argument(
        help: "The job: id, unique beginning of one, name, or @last.",
        completion: Completions.jobs
    )
    var job: String

    @OptionGroup var server: ServerOptions

    func run() async throws {
        try await server.withClient { client in
            let id = try await JobReference(job).resolve(with: client).id
            let answer = try await client.audit(id)
            try server.print(answer) { audit, terminal in
                let steps = NumberText.count(audit.steps)
                guard !audit.isClean else {
                    return ["\(steps) steps, each at the rate that it was to have  \(audit.digest)"]
                }
                let named = audit.mismatchedSteps.prefix(10).map { NumberText.count($0) }
                return [
                    "\(NumberText.count(audit.mismatches)) of \(steps) steps used another rate, first at"
                        + " \(named.joined(separator: "; "))"
                ]
            }
            if !answer.value.isClean { throw ExitCode(1) }
        }
    }
}
