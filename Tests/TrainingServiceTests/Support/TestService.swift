import Datasets
import Foundation
import Jobs
import Logging
import Synchronization
import Testing
import TrainingAPI

@testable import HTTP
@testable import TrainingService

/// A service over a store in memory, without sockets, threads or timers.
struct TestService {
    let store: FaultyStore
    let service: Service
    private let router: Router

    /// The folder of checkpoints and artifacts, which every start over one store shares.
    let files: TemporaryFolder

    /// Makes a service over `store`; over the store of another service it is that one's next start.
    init(
        over store: FaultyStore = FaultyStore(),
        files: TemporaryFolder = TemporaryFolder(),
        configure: (inout ServiceConfiguration) -> Void = { _ in }
    ) {
        self.store = store
        self.files = files
        let folder = FileManager.default.temporaryDirectory.path
        var configuration = ServiceConfiguration(cacheFolder: folder, filesFolder: files.path)
        configure(&configuration)
        service = Service(
            configuration,
            store: store,
            catalogue: DatasetCatalogue(cache: folder),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        router = service.router { nil }
    }

    // MARK: - Requests

    /// Has the handler of a route answer; for routes that answer at once.
    func send(
        _ method: HTTP.Method,
        _ target: String,
        fields: Fields = ["Content-Type": "application/json"],
        body: String = ""
    ) throws -> Response {
        let parts = target.split(separator: "?", maxSplits: 1).map(String.init)
        let path = parts[0].split(separator: "/").map(String.init)
        guard case .found(let match) = router.match(method, path) else {
            throw Problem(status: 404, detail: "\(method) \(target) has no route")
        }
        let items = (parts.count > 1 ? parts[1] : "").split(separator: "&").map { pair in
            let sides = pair.split(separator: "=", maxSplits: 1).map(String.init)
            return Query.Item(name: sides[0], value: sides.count > 1 ? sides[1] : "")
        }
        let request = Request(
            method: method,
            path: path,
            target: target,
            query: Query(items: items),
            fields: fields,
            body: Array(body.utf8),
            parameters: match.parameters,
            id: "request-1"
        )
        switch match.route.handler {
        case .inline(let handler), .pooled(_, let handler): return handler(request)
        case .remembered(_, let route): return route.recall(request) ?? route.handler(request)
        case .receiving(let route):
            if let response = route.check(request) { return response }
            try BodyFile.prepare(route.folder)
            let file = try BodyFile(
                folder: route.folder,
                name: UUID().uuidString,
                length: nil,
                reservedBytes: 0
            )
            try file.append(Array(body.utf8))
            return route.handler(request, file)
        case .deferred(_, let handler):
            let answer = Mutex<Response?>(nil)
            handler(request, Reply { response in answer.withLock { $0 = $0 ?? response } })
            if let answer = answer.withLock({ $0 }) { return answer }
            throw Problem(status: 500, detail: "\(target) does not answer at once")
        case .streaming:
            throw Problem(status: 500, detail: "\(target) does not answer at once")
        }
    }

    // MARK: - Jobs

    /// Submits a job and returns its id.
    @discardableResult
    func submit(_ job: String = Sample.job()) throws -> JobID {
        let response = try send(.post, "/v1/jobs", body: job)
        let document = try response.document
        return try #require(
            document["id"]?.string.flatMap { JobID($0) },
            "\(String(decoding: response.body, as: UTF8.self))"
        )
    }

    /// Leases the next job, which there must be.
    func lease(_ request: TrainingAPI.LeaseRequest = .test()) throws -> TrainingAPI.LeasedJob {
        try #require(try service.lease(request)).job
    }

    /// Reports under a lease.
    func report(
        _ report: WorkerReport,
        _ job: TrainingAPI.LeasedJob
    ) throws -> TrainingAPI.ReportReceipt {
        try service.receive(report, of: run(of: job))
    }

    /// The run of a lease.
    func run(of job: TrainingAPI.LeasedJob) throws -> ActiveRun {
        try service.run(of: job.id, fence: job.fence)
    }

    /// Ends a lease.
    func complete(
        _ job: TrainingAPI.LeasedJob,
        _ outcome: WorkerCompletion.Outcome = .succeeded(TrainingSummary())
    ) throws {
        try service.complete(WorkerCompletion(fence: job.fence, outcome: outcome), of: job.id)
    }

    /// The job as the store has it.
    func record(_ job: TrainingAPI.LeasedJob) throws -> JobRecord {
        try store.job(try #require(JobID(job.jobID)))
    }
}

extension TrainingAPI.LeasedJob {
    /// The lease's id.
    var id: LeaseID {
        get throws { try #require(LeaseID(leaseID)) }
    }
}

extension TrainingAPI.LeaseRequest {
    /// A worker's request.
    static func test(
        _ worker: String = "worker-1",
        id: String = "request-1",
        instance: String? = nil,
        wait: Double = 0
    ) -> TrainingAPI.LeaseRequest {
        TrainingAPI.LeaseRequest(
            worker: worker,
            requestID: id,
            kinds: ["train"],
            instance: instance,
            waitSeconds: wait
        )
    }
}

extension Response {
    /// The body as JSON.
    var document: Document {
        get throws { try JSONReader.read(body).document }
    }
}

/// The code of the store's error that `body` throws; `nil` where it throws none.
func storeError(_ body: () throws -> Void) throws -> JobStoreError.Code? {
    do {
        try body()
        return nil
    } catch let error as JobStoreError {
        return error.code
    }
}
