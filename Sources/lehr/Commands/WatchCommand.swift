import ArgumentParser
import TrainingAPI
import TrainingClient

/// `lehr watch`: follows a job to its end.
struct WatchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch",
        abstract: "Follow a job: progress, loss and learning rate as they come.",
        discussion: """
            Examples:
              lehr watch @last
              lehr watch fashion-cosine > run.log
              lehr watch @last --json | jq .summary

            The exit status is the job's outcome: 0 succeeded, 1 failed, 3 cancelled.
            Ctrl-C leaves the job running.
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
            let job = try await JobReference(job).resolve(with: client)
            try await Self.follow(job, server, client)
        }
    }

    /// Follows the job to its end, which becomes the process's.
    static func follow(
        _ job: JobBody,
        _ server: ServerOptions,
        _ client: LehrClient
    ) async throws {
        let isInteractive = Terminal.current(Environment.process).isInteractive
        let display: JobWatcher.Display =
            server.json ? .silent : isInteractive ? .live : .plain
        do {
            let answer = try await Interruption.leaving {
                let watcher = JobWatcher(
                    client: client,
                    display: display,
                    terminal: { Terminal.current(Environment.process) }
                )
                return try await watcher.watch(job.id)
            }
            if server.json { try server.print(answer) { _, _ in [] } }
            throw JobEnded(status: ExitStatus(outcome: answer.value))
        } catch let interrupted as Interruption.Interrupted {
            StandardOutput.note("\nThe job goes on; `lehr watch \(job.id)` comes back to it.")
            throw interrupted
        }
    }
}
