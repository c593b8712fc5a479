import ArgumentParser
import Datasets
import Foundation
import Glibc
import HTTP
import HTTPTLS
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

            lehrd serve --listen 0.0.0.0:8443 --token-file tokens \\
                --tls-certificate server.pem --tls-key server.key

            The first line on standard output is `listening on http://ADDRESS:PORT`. SIGHUP reads the
            token file, the certificate and the key again. SIGTERM stops in order: running jobs go
            back to the queue; a second SIGTERM stops at once.
            """
    )

    @Option(help: "The address and port to listen on; port 0 takes a free one.")
    var listen = ListenAddress(host: "127.0.0.1", port: 8_080)

    @Option(
        help: ArgumentHelp(
            "A Unix socket to listen on too, to which only this user can connect; clients call it"
                + " unix:PATH.",
            valueName: "path"
        )
    )
    var socket: String?

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

    @Option(
        help: ArgumentHelp(
            "How long a worker holds a job without a word; at least 1s.",
            valueName: "time"
        )
    )
    var leaseTerm = TimeArgument(.seconds(30))

    @Option(
        help: ArgumentHelp(
            "Whether jobs of kind command are taken and run by the workers, as this user: on or off; on"
                + " by default where only this machine is listened to.",
            valueName: "on|off"
        )
    )
    var commands: Switch?

    @Option(help: GPUArgument.help)
    var gpus: GPUArgument?

    @Flag(help: "Listen beyond loopback, for any Host, although nobody needs a token.")
    var allowAnonymous = false

    @Option(help: "The file of tokens, one of which every request must show; see lehrd token.")
    var tokenFile: String?

    @Option(help: "The requests a second of a token whose line says no other rate.")
    var tokenRate = 500

    @Option(
        help: "The file of the certificate for TLS, in PEM, with those that lead to its authority."
    )
    var tlsCertificate: String?

    @Option(help: "The file of the certificate's private key, in PEM.")
    var tlsKey: String?

    @Option(help: "A file that gets a line of JSON for every answer; - is standard error.")
    var accessLog: String?

    @Option(
        help: ArgumentHelp(
            "A limit of the HTTP server, several times for several.",
            discussion: LimitSetting.table,
            valueName: "name=value"
        )
    )
    var limit: [LimitSetting] = []

    @OptionGroup(title: "The log")
    var log: LogOptions

    @OptionGroup(title: "Limits of the queue")
    var limits: ServiceLimits

    func validate() throws {
        if let workers, !(0...1_024).contains(workers) {
            throw ValidationError("--workers must be from 0 to 1024, got \(workers)")
        }
        guard leaseTerm.duration >= .seconds(1) else {
            throw ValidationError("--lease-term must be at least 1s")
        }
        guard (1...1_000_000).contains(tokenRate) else {
            throw ValidationError("--token-rate must be from 1 to 1000000, got \(tokenRate)")
        }
        guard (tlsCertificate == nil) == (tlsKey == nil) else {
            throw ValidationError("--tls-certificate and --tls-key belong together")
        }
        guard listen.isLoopback || allowAnonymous || tokenFile != nil else {
            throw ValidationError(
                "\(listen.host) can be reached from other machines, and nobody would need a token;"
                    + " give --token-file, or --allow-anonymous if that is meant"
            )
        }
    }

    func run() throws {
        // A file that may not grow further is an error of the write, not the end of the server.
        signal(SIGXFSZ, SIG_IGN)
        let logger = log.logger("lehrd")
        let store = try SQLiteJobStore(folder: data, warn: { logger.warning("\($0)") })
        let folder = DataFolder(path: data)
        let cache = folder.datasets
        var configuration = ServiceConfiguration(cacheFolder: cache, filesFolder: folder.files)
        configuration.grace = grace.duration
        configuration.leaseTerm = leaseTerm.duration
        let runsCommands = commands.map { $0 == .on } ?? listen.isLoopback
        configuration.runsCommands = runsCommands
        limits.set(on: &configuration)
        let service = Service(
            configuration,
            store: store,
            catalogue: DatasetCatalogue(cache: cache),
            logger: logger
        )
        let access = try makeAccess(logger)
        let server = RunningServer(
            service,
            RunningServer.Plan(
                listen: listen,
                socketPath: socket,
                anyHost: allowAnonymous || tokenFile != nil,
                limits: limit,
                gate: access.files.gate,
                tls: access.files.tls,
                accessLog: try accessLog.map(AccessLog.init)
            ),
            logger: logger
        )
        try service.start()
        let (port, workerURL) = try server.start()
        let pool = LocalWorkers(
            LocalWorkers.Plan(
                server: workerURL,
                token: access.workerToken,
                instance: configuration.server.description,
                cacheFolder: cache,
                count: workers ?? ProcessInfo.processInfo.activeProcessorCount,
                runsCommands: runsCommands,
                gpus: gpus?.text
            ),
            service: service,
            logger: logger
        )
        let ending = DispatchSemaphore(value: 0)
        let signals = Signals(first: { ending.signal() }, second: { _exit(1) })
        if !access.files.isEmpty { signals.onHangup { access.files.reload() } }
        let scheme = access.files.tls == nil ? "http" : "https"
        let line = "listening on \(scheme)://\(listen.bracketedHost):\(port)\n"
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

    /// Reads the files of tokens and certificate, and makes a token for this machine's workers that
    /// lives as long as the server.
    private func makeAccess(_ logger: Logger) throws -> (files: AccessFiles, workerToken: String?) {
        var gate: TokenGate?
        var secret: String?
        if let tokenFile {
            let own = AccessToken.makeSecret()
            secret = own
            gate = TokenGate(
                tokens: try AccessFiles.tokens(in: tokenFile),
                own: [AccessToken(own, name: "local workers", scopes: [.worker])],
                requestsPerSecond: tokenRate
            )
        }
        var tls: TLSServer?
        if let tlsCertificate, let tlsKey {
            tls = try TLSServer(certificateFile: tlsCertificate, keyFile: tlsKey)
        }
        return (AccessFiles(tokenFile: tokenFile, gate: gate, tls: tls, logger: logger), secret)
    }
}
