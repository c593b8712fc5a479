internal import Foundation
internal import TrainingAPI
internal import TrainingClient

/// The folder of one run of a command: what it starts in, and the lease for its script.
struct CommandPlace {
    private let job: LeasedJob
    private let configuration: WorkerConfiguration
    private let client: LehrClient
    private let folder: String

    /// The place of a leased job's run.
    init(_ job: LeasedJob, configuration: WorkerConfiguration, client: LehrClient) {
        self.job = job
        self.client = client
        self.configuration = configuration
        let parent = URL(filePath: configuration.cacheFolder).standardizedFileURL.path
        folder = "\(parent)/commands/\(job.jobID)-\(job.fence)"
    }

    private var leaseFile: String { folder + "/lease.json" }
    private var resultFile: String { folder + "/result.json" }

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
        let work = folder + "/work"
        do {
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
            throw CommandProcess.StartError(
                detail: "the worker cannot make \(work): \(error.localizedDescription)"
            )
        }
        let policy = configuration.commands
        if let user = policy.user, let fault = give(to: user) {
            throw CommandProcess.StartError(detail: fault)
        }
        let start = command.workingDirectory ?? work
        if let refusal = policy.refusal(ofFolder: start) {
            throw CommandProcess.StartError(detail: refusal)
        }
        var added = [
            "LEHR_JOB": job.jobID, "LEHR_LEASE": leaseFile, "LEHR_SEED": "\(seed)",
            "LEHR_SERVER": client.server.description,
        ]
        added["LEHR_TOKEN"] = configuration.token
        let environment = policy.environment(
            of: ProcessInfo.processInfo.environment,
            ["PYTHONUNBUFFERED": "1"].merging(command.environment) { $1 },
            added
        )
        let program = command.arguments[0]
        guard let path = CommandPolicy.path(of: program, in: start, environment) else {
            throw CommandProcess.StartError(
                detail: "the program \(program) is not there, or cannot be run"
            )
        }
        return try CommandProcess(
            path: path,
            arguments: command.arguments,
            environment: environment,
            folder: start,
            limits: command.limits,
            user: policy.user
        )
    }

    /// Lets another user write in the folder; why that cannot be, where it cannot.
    private func give(to user: String) -> String? {
        guard let entry = getpwnam(user) else { return "the worker knows no user \(user)" }
        for path in [folder, folder + "/work", leaseFile]
        where chown(path, entry.pointee.pw_uid, entry.pointee.pw_gid) != 0 {
            return "the worker cannot run commands as \(user): \(String(cString: strerror(errno)))"
        }
        return nil
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
    func remove() {
        // What stays takes space, and nothing else.
        try? FileManager.default.removeItem(atPath: folder)
    }
}
