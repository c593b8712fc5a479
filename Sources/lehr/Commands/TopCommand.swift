import ArgumentParser
import TrainingAPI
import TrainingClient

/// `lehr top`: what the server does, drawn over and over.
struct TopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top",
        abstract: "Show what runs, what waits and what ended last, as it changes.",
        discussion: """
            Examples:
              lehr top
              lehr top --interval 5 --label team=vision
              lehr top --once

            Ctrl-C leaves. Where the output is no terminal it is shown once.
            """
    )

    @Option(help: "The seconds between two looks, 0.2 to 60.")
    var interval = 1.0

    @Option(
        parsing: .singleValue,
        help: ArgumentHelp(
            "Jobs with this label alone; repeat it for several.",
            valueName: "key=value"
        )
    )
    var label: [String] = []

    @Flag(help: "Look once.")
    var once = false

    @OptionGroup var server: ServerOptions

    func validate() throws {
        guard (0.2...60).contains(interval) else {
            throw ValidationError("--interval must be from 0.2 to 60, not \(interval).")
        }
        try LabelFilter.check(label)
    }

    func run() async throws {
        let interval = interval
        let labels = LabelFilter.labels(label)
        let isLive = !once && !server.json && Terminal.current(.process).isInteractive
        try await server.withClient { client in
            let look = TopLook(client: client, labels: labels)
            guard isLive else {
                let view = try await look.view()
                if server.json { return try StandardOutput.write(view.json()) }
                return try StandardOutput.write(lines: view.lines(Terminal.current(.process)))
            }
            do {
                try await Interruption.leaving {
                    var live = LiveDisplay()
                    var last: TopView?
                    while true {
                        let view = try await look.view(after: last)
                        try StandardOutput.write(live.text(view.lines(Terminal.current(.process))))
                        last = view
                        try await Task.sleep(for: .seconds(interval))
                    }
                }
            } catch is Interruption.Interrupted {
                // What is watched is a server, which ends by itself never: leaving is how it is meant.
            }
        }
    }
}
