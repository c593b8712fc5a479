internal import Datasets
internal import Foundation
internal import TrainingAPI
internal import TrainingClient

/// The folder of one run of a command: what it starts in, and the lease for its script.
struct CommandPlace {
    private let job: LeasedJob
    private let configuration: WorkerConfiguration
    private let client: LehrClient
    private let folder: String
    private let lock: PlaceLock

    /// The place of a leased job's run.
    init(_ job: LeasedJob, configuration: WorkerConfiguration, client: LehrClient) {
        self.job = job
        self.client = client
        self.configuration = configuration
        folder = "\(PlaceLock.folder(in: configuration.cacheFolder))/\(job.jobID)-\(job.fence)"
        lock = PlaceLock(of: folder)
    }

    private var leaseFile: String { folder + "/lease.json" }
    private var resultFile: String { folder + "/result.json" }

    private var work: String { folder + "/work" }

    /// Makes the folder, with the lease in it, and locks it as a ``PlaceLock``.
    ///
    /// - Throws: `CommandProcess.StartError`, which another attempt would meet alike.
    func prepare() throws(CommandProcess.StartError) {
        do {
            // Another user must find the way to its own folder, and into no other.
            try FileManager.default.createDirectory(
                at: URL(filePath: folder).deletingLastPathComponent(),
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o711]
            )
            try lock.take()
            try FileManager.default.createDirectory(
                atPath: work,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
            try Data(job.json()).write(to: URL(filePath: leaseFile))
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o600],
                ofItemAtPath: leaseFile
            )
        } catch {
            let reason = (error as? DatasetError).map { "\($0)" } ?? error.localizedDescription
            throw CommandProcess.StartError(detail: "the worker cannot make \(work): \(reason)")
        }
        guard let user = try user() else { return }
        for path in [folder, work, leaseFile] { try user.take(path) }
    }

    /// As whom the command runs; `nil` for this process's user.
    private func user() throws(CommandProcess.StartError) -> CommandUser? {
        guard let name = configuration.commands.user else { return nil }
        return try CommandUser(name)
    }

    /// How code gets into the folder in which a command starts.
    ///
    /// - Throws: `CommandProcess.StartError`, which another attempt would meet alike.
    func fetch(_ hash: String) throws(CommandProcess.StartError) -> CodeFetch {
        CodeFetch(
            hash: hash,
            client: client,
            archive: FileFetch(path: folder + "/code.partial"),
            folder: work,
            owner: try user()?.owner
        )
    }

    /// Starts the command.
    ///
    /// - Parameters:
    ///   - command: The command.
    ///   - seed: The job's seed, for the environment.
    /// - Returns: The process.
    /// - Throws: `CommandProcess.StartError`, which another attempt would meet alike.
    func start(
        _ command: CommandSpecification,
        seed: UInt64
    ) throws(CommandProcess.StartError) -> CommandProcess {
        let policy = configuration.commands
        let user = try user()
        let start = command.workingDirectory ?? work
        // The fresh folder is nobody's choice.
        if start != work, let refusal = policy.refusal(ofFolder: start) {
            throw CommandProcess.StartError(detail: refusal)
        }
        var added = [
            "LEHR_JOB": job.jobID, "LEHR_LEASE": leaseFile, "LEHR_SEED": "\(seed)",
            "LEHR_SERVER": client.server.description,
        ]
        added["LEHR_TOKEN"] = configuration.token
        added[CommandPolicy.visibleGPUs] = configuration.gpus.visible(to: job.gpus)
        let environment = policy.environment(
            of: ProcessInfo.processInfo.environment.merging(user?.variables ?? [:]) { $1 },
            ["PYTHONUNBUFFERED": "1"].merging(command.environment) { $1 },
            added
        )
        let program = command.arguments[0]
        guard let path = CommandPolicy.path(of: program, in: start, environment) else {
            throw CommandProcess.StartError(
                detail: "the program \(program) is not there, or cannot be run"
            )
        }
        if let interpreter = CommandPolicy.missingInterpreter(of: path) {
            throw CommandProcess.StartError(
                detail: "the interpreter \(interpreter) that \(program) names is not there"
            )
        }
        return try CommandProcess(
            path: path,
            arguments: command.arguments,
            environment: environment,
            folder: start,
            limits: command.limits,
            user: user
        )
    }

    /// What the script itself has said of its failure; `nil` where it has said nothing.
    func result() -> (code: String, detail: String)? {
        // A script that says nothing leaves no file.
        guard let data = FileManager.default.contents(atPath: resultFile), data.count < 1 << 16,
            let said = (try? JSONReader.read(Array(data)))?.document,
            let code = said["code"]?.string, let detail = said["detail"]?.string,
            (1...40).contains(code.count), !detail.isEmpty
        else { return nil }
        return (code, detail)
    }

    /// Removes the folder with all that is in it.
    func remove() async {
        await FileQueue.run { [lock] in lock.removePlace() }
    }
}
