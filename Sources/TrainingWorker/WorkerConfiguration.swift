/// How a worker runs.
package struct WorkerConfiguration: Sendable {
    /// How many brief jobs a worker may have besides the one that any job comes as: their ends and the grants
    /// that follow share the server's commits.
    static let briefJobsAhead = 4

    /// The worker's name, unique among live workers.
    package var name: String
    /// The machine that the worker runs on, to be shown with its jobs.
    package var host: String?
    /// The server instance that started the worker; `nil` for a worker that stands alone.
    package var instance: String?
    /// The folder for decoded datasets, shared by the workers of a machine.
    package var cacheFolder: String
    /// The processor that the training thread is bound to; `nil` for any.
    package var processor: Int?
    /// How long the server may hold a request for a job; 20 seconds by default.
    package var leaseWait: Duration = .seconds(20)
    /// The longest time between reports; a quarter of a second by default.
    package var reportInterval: Duration = .milliseconds(250)
    /// The most updates in a report; 4,096 by default.
    package var reportSteps = 4_096
    /// How long a run's state is kept when the server cannot be reached; ten minutes by default.
    package var patience: Duration = .seconds(600)
    /// How long a worker that was told to stop tries to reach a silent server; 5 seconds by default.
    package var stopPatience: Duration = .seconds(5)

    /// The kinds of jobs that the worker runs; trainings by default.
    package var kinds = ["train"]
    /// What commands may see of the machine.
    package var commands = CommandPolicy()
    /// The GPUs that commands may ask for.
    package var gpus = GPUInventory.unknown
    /// The token that scripts show where they report for themselves; `nil` where nobody needs one.
    package var token: String?

    /// Makes a configuration with the defaults.
    package init(name: String, instance: String? = nil, cacheFolder: String, processor: Int? = nil)
    {
        self.name = name
        self.instance = instance
        self.cacheFolder = cacheFolder
        self.processor = processor
    }

    /// Whether a server that is silent is to be tried again.
    ///
    /// - Parameters:
    ///   - began: When the server was tried first.
    ///   - stopped: When the worker was told to stop, where it was.
    ///   - now: The present.
    /// - Returns: Whether neither patience is over.
    func isPatient(
        since began: ContinuousClock.Instant,
        stopped: ContinuousClock.Instant?,
        now: ContinuousClock.Instant = .now
    ) -> Bool {
        now < began + patience && stopped.map { now < $0 + stopPatience } ?? true
    }
}
