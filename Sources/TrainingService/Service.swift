package import Datasets
internal import Foundation
package import HTTP
package import Jobs
package import Logging
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
    let acceptedJobs = AcceptedJobs()
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
}
