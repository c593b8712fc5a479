import ArgumentParser
import Datasets
import Foundation
import Glibc
import HTTP
import Jobs
import JobsSQLite
import Logging
import Synchronization
import TrainingService

/// Runs the server and its local workers.
struct Serve: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Answers HTTP, keeps jobs in a data folder and runs them on local workers.",
        discussion: """
            lehrd serve
            lehrd serve --listen 127.0.0.1:0 --workers 2 --data /var/lib/lehr

            The first line on standard output is `listening on http://ADDRESS:PORT`. SIGTERM stops in
            order: running jobs go back to the queue; a second SIGTERM stops at once.
            """
    )

    @Option(help: "The address and port to listen on; port 0 takes a free one.")
    var listen = ListenAddress(host: "127.0.0.1", port: 8_080)

    @Option(help: "The folder of the database and of decoded datasets.")
    var data = "lehr-data"

    @Option(help: "The number of worker processes; by default one per core.")
    var workers: Int?

    @Option(
        help: ArgumentHelp(
            "How long a worker that must let go of a job may take to save a checkpoint before it is"
                + " stopped; such as 30s.",
            valueName: "time"
        )
    )
    var grace = TimeArgument(.seconds(30))

    @Flag(help: "Listen beyond loopback, for any Host, although nobody needs a token.")
    var allowAnonymous = false

    func validate() throws {
        if let workers, !(0...1_024).contains(workers) {
            throw ValidationError("--workers must be from 0 to 1024, got \(workers)")
        }
        guard listen.isLoopback || allowAnonymous else {
            throw ValidationError(
                "\(listen.host) can be reached from other machines, and nobody would need a token;"
                    + " give --allow-anonymous if that is meant"
            )
        }
    }

    func run() throws {
        // A file that may not grow further is an error of the write, not the end of the server.
        signal(SIGXFSZ, SIG_IGN)
        let logger = Log.make("lehrd")
        let store = try SQLiteJobStore(folder: data)
        let cache = URL(filePath: data).appending(path: "datasets").path
        let files = URL(filePath: data).appending(path: "files").path
        var configuration = ServiceConfiguration(cacheFolder: cache, filesFolder: files)
        configuration.grace = grace.duration
        let service = Service(
            configuration,
            store: store,
            catalogue: DatasetCatalogue(cache: cache),
            logger: logger
        )
        let server = RunningServer(service, listen: listen, anyHost: allowAnonymous, logger: logger)
        try service.start()
        let port = try server.start()
        let pool = LocalWorkers(
            LocalWorkers.Plan(
                server: "http://\(listen.reachableHost):\(port)",
                instance: configuration.server.description,
                cacheFolder: cache,
                count: workers ?? ProcessInfo.processInfo.activeProcessorCount
            ),
            service: service,
            logger: logger
        )
        let ending = DispatchSemaphore(value: 0)
        let signals = Signals(first: { ending.signal() }, second: { _exit(1) })
        let line = "listening on http://\(listen.bracketedHost):\(port)\n"
        FileHandle.standardOutput.write(Data(line.utf8))
        pool.start()
        ending.wait()
        withExtendedLifetime(signals) {}
        logger.notice("stopping: running jobs go back to the queue")
        service.drain()
        pool.stop(within: .seconds(10))
        server.stop(within: .seconds(5))
        store.close()
    }
}
