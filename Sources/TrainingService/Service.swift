package import Datasets
internal import Foundation
package import HTTP
package import Jobs
package import Logging
internal import Schedules
package import Synchronization
internal import TrainingAPI

/// The service behind the routes: accepts jobs, leases them to workers, grants rates, takes reports.
///
/// Its state is in the store; what it holds in memory follows from that, and is built anew where it is
/// missing.
package final class Service: Sendable {
    let configuration: ServiceConfiguration
    let store: any JobStore
    let datasets: DatasetRegistry
    let datasetGate = DatasetGate()
    let files: FileStore
    let logger: Logger
    let runs = RunTable()
    let workers = WorkerRegistry()
    let bodies = JobBodies()
    let jobAnswers = JobAnswers()
    let rates = JobRates()
    let counters = Counters()
    let leases: LeaseBook
    let graces = GraceBook()
    let wallClock = WallClockWatch()
    /// Ends the process of a local worker by its name; set by whoever starts local workers.
    package let stopLocalWorker = Mutex<(@Sendable (String) -> Void)?>(nil)
    let dispatcher = Dispatcher()
    let events: EventHub<ResponseStream>
    private let sweeper = Sweeper()
    private let draining = Atomic(false)

    /// Makes the service of a store and a catalogue of datasets.
    package init(
        _ configuration: ServiceConfiguration,
        store: any JobStore,
        catalogue: DatasetCatalogue,
        logger: Logger
    ) {
        self.configuration = configuration
        self.store = store
        self.logger = logger
        datasets = DatasetRegistry(catalogue, store: store)
        leases = LeaseBook(term: configuration.leaseTerm)
        events = EventHub(store, logger: logger)
        files = FileStore(folder: configuration.filesFolder)
    }

    /// Takes up what an earlier server left, and begins to look after leases.
    ///
    /// Jobs of workers that died with that server go back to the queue; every other lease gets a full
    /// term.
    ///
    /// - Throws: `JobStoreError`.
    package func start() throws {
        try files.prepare()
        let requeued = try store.abandon(
            LeaseAbandonment(
                .startedByServersOther(than: configuration.server),
                cause: .serverRestarted,
                at: Date()
            )
        )
        if !requeued.isEmpty { logger.notice("requeued \(requeued.count) jobs of the last server") }
        for lease in try store.liveLeases() {
            leases.renew(lease.key)
            let state = try store.job(lease.key.job).state
            if state != .running { graces.begin(lease.key.job, for: configuration.grace) }
        }
        events.start()
        dispatcher.start { [weak self] waiter in self?.serve(waiter) ?? true }
        sweeper.start(every: configuration.sweepInterval) { [weak self] in
            self?.sweepLeases()
            self?.sweepRuns()
            self?.sweepGraces()
        }
        sweeper.start(every: .seconds(3_600)) { [weak self] in
            self?.sweepKeys()
            self?.sweepArchives()
        }
        sweeper.start(every: .seconds(60)) { [weak self] in self?.sweepJobs() }
        sweeper.soon { [weak self] in self?.sweepFiles() }
    }

    /// Answers every waiting worker that there is no job, grants no more, and lets go of who follows jobs.
    package func drain() {
        draining.store(true, ordering: .relaxed)
        dispatcher.close()
        events.close()
    }

    /// Whether the server is about to stop.
    var isDraining: Bool { draining.load(ordering: .relaxed) }

    /// Every route of the service, on which an HTTP server can be run.
    ///
    /// - Parameters:
    ///   - access: Who may do what; nil where nobody needs a token.
    ///   - isSecure: Whether clients come by TLS.
    ///   - statistics: The HTTP server's own counts.
    /// - Returns: The routes.
    package func router(
        access: TokenGate? = nil,
        isSecure: Bool = false,
        statistics: @escaping @Sendable () -> HTTPServerStatistics?
    ) -> Router {
        var router = Router()
        JobRoutes(service: self).register(on: &router)
        ActionRoutes(service: self).register(on: &router)
        EventRoutes(service: self).register(on: &router)
        ForkRoutes(service: self).register(on: &router)
        MetricsRoutes(service: self).register(on: &router)
        JobScheduleRoutes(service: self).register(on: &router)
        ScheduleRoutes(service: self).register(on: &router)
        CatalogueRoutes().register(on: &router)
        DatasetRoutes(service: self).register(on: &router)
        FileRoutes(service: self).register(on: &router)
        ArchiveRoutes(service: self).register(on: &router)
        WorkerRoutes(service: self).register(on: &router)
        WorkerFileRoutes(service: self).register(on: &router)
        SessionRoutes(gate: access, isSecure: isSecure).register(on: &router)
        HealthRoutes(service: self, statistics: statistics).register(on: &router)
        return router
    }

    /// The problem document of what the HTTP server refuses by itself.
    package static func response(to fault: ServerFault) -> Response {
        Answer.problem(
            Problem(status: fault.status.code, detail: fault.detail, requestID: fault.requestID)
        )
    }

    // MARK: - Jobs

    /// Fits a job to its dataset, or reports what does not fit.
    ///
    /// - Throws: `JobStoreError`.
    func plan(
        for work: JobWork,
        _ context: inout DecodingContext
    ) throws -> JobPlan? {
        switch work {
        case .script(let script):
            try check(codeOf: work, &context)
            return script.plan(&context)
        case .training(let specification):
            guard let facts = try datasets.facts(for: specification.dataset, &context) else {
                return nil
            }
            return specification.plan(for: facts, &context)
        }
    }

    /// Stores a job; it is on disk when this returns.
    ///
    /// - Returns: The answer to the client, the first one again where `key` was used before.
    /// - Throws: `JobStoreError`, or `Problem` where the key was used for another body.
    func accept(
        _ specification: JobWork,
        plan: JobPlan,
        warnings: [Fault],
        key: SubmissionKey?
    ) throws -> (body: [UInt8], isReplayed: Bool) {
        let stored = StoredJob(specification, plan: plan, warnings: warnings)
        return try accept(specification, stored, totalSteps: plan.totalSteps, key: key) { _ in }
    }

    /// What was answered to a request under `key`; `nil` where there was none.
    ///
    /// - Throws: `JobStoreError`, or `Problem` where the key was used for another body.
    func replay(_ key: SubmissionKey?) throws -> [UInt8]? {
        guard let key else { return nil }
        switch try store.replay(key.idempotency(answer: [])) {
        case .replayed(let answer)?: return answer
        case .keyReused?: throw SubmissionKey.reused
        case .created?, nil: return nil
        }
    }

    /// Stores a job with what `complete` adds to its submission.
    func accept(
        _ specification: JobWork,
        _ stored: StoredJob,
        totalSteps: Int,
        key: SubmissionKey?,
        _ complete: (inout JobSubmission) throws -> Void
    ) throws -> (body: [UInt8], isReplayed: Bool) {
        let now = Date()
        var submission = JobSubmission(
            id: .random(at: now),
            kind: specification.kind.rawValue,
            specification: stored.json(),
            totalSteps: totalSteps,
            at: now
        )
        submission.name = specification.name
        submission.labels = specification.labels
        submission.notes = specification.notes
        submission.priority = specification.priority
        submission.maximumAttempts = specification.maximumAttempts
        submission.requiresExact = specification.requireExact
        if let command = specification.command {
            submission.gpus = GPUWish(
                count: command.gpus,
                memoryBytes: command.gpuMemoryBytes ?? 0
            )
            submission.startFile = command.code
        }
        submission.queueLimit = configuration.queueLimit
        submission.notBefore = specification.notBefore.map {
            Date(microsecondsSince1970: $0.microseconds)
        }
        try complete(&submission)
        let body = presentUnstored(JobRecord(submission)).body
        do {
            try checkRoom()
        } catch {
            // Who repeats what was accepted gets its answer, however full the disk is by now.
            if let answer = try replay(key) { return (answer, true) }
            throw error
        }
        let receipt = try datasetGate.reading {
            if let hash = stored.datasetHash, case .training(let job) = specification {
                try checkUnchanged(job.dataset, hash: hash)
            }
            if let code = specification.command?.code, try archive(code) == nil {
                throw Problem(
                    status: 409,
                    detail:
                        "The archive \(code.prefix(12)) was removed while the job was read; upload"
                        + " it and submit the job again."
                )
            }
            do {
                return try store.accept(submission, idempotency: key?.idempotency(answer: body))
            } catch let error as JobStoreError where error.code == .queueFull {
                counters.add(.refused)
                throw error
            }
        }
        switch receipt {
        case .created:
            counters.add(.submitted)
            dispatcher.jobArrived()
            return (body, false)
        case .replayed(let answer):
            return (answer, true)
        case .keyReused:
            throw SubmissionKey.reused
        }
    }
}
