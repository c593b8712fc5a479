import ArgumentParser
import Foundation
import TrainingClient

/// The command line for people.
@main
struct Lehr: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lehr",
        abstract: "Train models under learning-rate schedules on a Lehr server.",
        discussion: """
            Examples:
              lehr schedule preview cosine --learning-rate 0.1 --steps 1000 --warmup 5%
              lehr submit job.yaml --watch
              lehr submit job.yaml --set schedule.learning_rate=0.05 --set seed=2
              lehr list --state running
              lehr watch @last

            A job is named by its id, a unique beginning of it, its name (the newest
            of that name is meant), or @last.
            The server is --server or --profile, else LEHR_SERVER or LEHR_PROFILE, else
            the profile in use, else http://127.0.0.1:8080. See lehr profiles.

            Exit status: 0 success, 1 the watched job failed, 2 refused, 3 the
            watched job was cancelled, 4 no server, 5 a converted schedule differs,
            64 usage, 130 Ctrl-C.
            """,
        subcommands: [
            SubmitCommand.self, ListCommand.self, ShowCommand.self, WatchCommand.self,
            TopCommand.self,
            MetricsCommand.self, LogsCommand.self, WhyCommand.self, AuditCommand.self,
            EditScheduleCommand.self,
            ForkCommand.self, ExtendCommand.self, CooldownCommand.self, CheckpointsCommand.self,
            ArtifactsCommand.self, CancelCommand.self, PauseCommand.self, ResumeCommand.self,
            RetryCommand.self, DeleteCommand.self, ScheduleCommand.self, DatasetsCommand.self,
            WorkersCommand.self, ProfilesCommand.self,
        ]
    )

    static func main() async {
        // A reader that has gone is told by the write that fails.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try await asyncParseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            end(with: error)
        }
    }

    /// Says what went wrong and ends the process.
    private static func end(with error: any Error) -> Never {
        guard let status = ExitStatus(error) else { exit(withError: error) }
        let ink = Ink(isColored: isatty(STDERR_FILENO) == 1 && !Environment.process.refusesColor)
        switch error {
        case let report as FaultReport:
            for line in report.lines(ink: ink) { StandardOutput.note(line) }
        case is JobEnded, is Interruption.Interrupted, is StandardOutput.Closed: break
        default: StandardOutput.note("\(ink.paint("error: ", .bad))\(error)")
        }
        Foundation.exit(status.rawValue)
    }
}
