import ArgumentParser
import Foundation
import Glibc
import Logging
import TrainingClient
import TrainingWorker

/// Runs one worker.
struct Work: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Takes jobs from a server and trains them, one at a time.",
        discussion: """
            lehrd work --server http://127.0.0.1:8080
            LEHR_TOKEN=lehr_… lehrd work --server https://lehr.example

            The token of a server that wants one is --token or LEHR_TOKEN, which other users of the
            machine cannot see; it needs the scope worker.
            """
    )

    @Option(help: "The server's address; for trainings also unix:/PATH.")
    var server: String

    @Option(help: "The token of a server that wants one; LEHR_TOKEN where it is not given.")
    var token: String?

    @Option(
        help: ArgumentHelp(
            "A file of certificates that are trusted in place of the system's; LEHR_CA_FILE.",
            valueName: "file"
        )
    )
    var certificateAuthority: String?

    @Option(help: "The worker's name; by default the host and the process id.")
    var name: String?

    @Option(help: "The folder for decoded datasets.")
    var cache: String = "lehr-cache"

    @Option(help: "The number of the processor to train on; any by default.")
    var processor: Int?

    @Flag(
        help:
            "Run jobs of kind command too: whatever the people who submit them like, as this user."
    )
    var commands = false

    @Option(help: "Run jobs of this kind alone: train or command.")
    var only: WorkerKind?

    @Option(
        help: ArgumentHelp(
            "A variable of this worker's environment that commands see too, several times for several;"
                + " beside \(CommandPolicy.standardVariables.sorted().joined(separator: ", ")).",
            valueName: "name"
        )
    )
    var commandVariable: [String] = []

    @Option(
        help: ArgumentHelp(
            "A folder in and below which commands may be told to start, several times for several; any by"
                + " default.",
            valueName: "folder"
        )
    )
    var commandFolder: [String] = []

    @Option(
        help: ArgumentHelp(
            "The user as whom commands run, for a worker that runs as root; this user by default.",
            valueName: "name"
        )
    )
    var commandUser: String?

    @Option(help: GPUArgument.help)
    var gpus: GPUArgument?

    @Option(help: .hidden)
    var instance: String?

    @Flag(help: .hidden)
    var lifeline = false

    @OptionGroup(title: "The log")
    var log: LogOptions

    func run() async throws {
        if lifeline {
            Lifeline.watch()
            // Two busy cores must leave the server its latency; where the kernel refuses, nothing is
            // lost but that.
            _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 5)
        }
        let name = name ?? "\(ProcessInfo.processInfo.hostName)-\(getpid())"
        let logger = log.logger("worker.\(name)")
        var configuration = WorkerConfiguration(
            name: name,
            cacheFolder: cache,
            processor: processor
        )
        configuration.instance = instance
        configuration.kinds =
            only.map { [$0.rawValue] } ?? (commands ? ["train", "command"] : ["train"])
        if configuration.kinds.contains(WorkerKind.train.rawValue) {
            do {
                try Worker.prepareEngine()
            } catch {
                logger.error("\(error); lehrd work --only command runs commands without it")
                throw ExitCode.failure
            }
        }
        configuration.commands = CommandPolicy(
            variables: CommandPolicy.standardVariables.union(commandVariable),
            folders: commandFolder.isEmpty ? nil : commandFolder,
            user: commandUser
        )
        let host = ProcessInfo.processInfo.hostName
        configuration.host = host
        let environment = ProcessInfo.processInfo.environment
        if configuration.kinds.contains(WorkerKind.command.rawValue) {
            do {
                configuration.gpus = try await GPUInventory.find(
                    gpus?.choice ?? .found,
                    visible: environment[CommandPolicy.visibleGPUs],
                    host: host
                )
            } catch {
                guard gpus == nil else {
                    logger.error("\(error)")
                    throw ExitCode.failure
                }
                logger.warning("no GPUs are offered: \(error)")
            }
        }
        let address = try ServerAddress(server)
        let runsCommands = configuration.kinds.contains(WorkerKind.command.rawValue)
        guard address.socketPath == nil || !runsCommands else {
            throw ValidationError(
                "commands cannot reach the server at \(server); give --server a host and a port, or"
                    + " leave commands to another worker"
            )
        }
        var connection = TransportConfiguration()
        connection.unixSocketPath = address.socketPath
        connection.certificateAuthorityFile = certificateAuthority ?? environment["LEHR_CA_FILE"]
        let transport = CurlTransport(configuration: connection)
        configuration.token = token ?? environment["LEHR_TOKEN"]
        // The worker itself repeats, with what it has learnt meanwhile.
        let client = LehrClient(
            server: address,
            token: configuration.token,
            transport: transport,
            retries: .never
        )
        let worker = Worker(configuration: configuration, client: client, logger: logger)
        let signals = Signals(
            first: { Task { await worker.stop() } },
            second: { _exit(1) }
        )
        if runsCommands { await worker.removeAbandonedPlaces() }
        await worker.work()
        await transport.close()
        withExtendedLifetime(signals) {}
    }
}
