import Foundation
import GRDB
import Jobs

/// The rows of `runs`: living leases and ended ones.
enum RunsTable {
    /// The columns that `run` reads, in its order.
    private static let columns = """
        runs.job, runs.fence, runs.lease, runs.worker, runs.server, runs.request_id,
        runs.resume_step, runs.granted_through, runs.sequence, runs.granted_at, runs.ended_at,
        runs.ending, runs.failure_code, runs.failure_detail, runs.environment, runs.gpus
        """

    static func insert(_ lease: Lease, in database: Database) throws {
        try database.run(
            """
            INSERT INTO runs (
                job, fence, lease, worker, server, request_id, resume_step, granted_through,
                sequence, granted_at, environment, gpus
            ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                lease.key.job.bits, lease.key.fence, lease.key.lease.bits,
                lease.worker, lease.server?.bits, lease.requestID, lease.resumeStep,
                lease.grantedThrough, lease.sequence, lease.grantedAt.column, lease.environment,
                GPUColumns.text(of: lease.gpus),
            ]
        )
    }

    static func update(_ lease: Lease, in database: Database) throws {
        try database.run(
            """
            UPDATE runs SET granted_through = ?, sequence = ?, resume_step = ?
            WHERE job = ? AND fence = ?
            """,
            [
                lease.grantedThrough, lease.sequence, lease.resumeStep,
                lease.key.job.bits, lease.key.fence,
            ]
        )
    }

    static func end(
        _ key: LeaseKey,
        _ ending: RunEnding,
        at instant: Date,
        in database: Database
    ) throws {
        let failure: JobFailure? = if case .failed(let failure, _) = ending { failure } else { nil }
        try database.run(
            """
            UPDATE runs SET ended_at = ?, ending = ?, failure_code = ?, failure_detail = ?
            WHERE job = ? AND fence = ?
            """,
            [
                instant.column, ending.column, failure?.code, failure?.detail,
                key.job.bits, key.fence,
            ]
        )
    }

    /// Makes an ended run live again.
    static func reopen(_ key: LeaseKey, in database: Database) throws {
        try database.run(
            "UPDATE runs SET ended_at = NULL, ending = NULL WHERE job = ? AND fence = ?",
            [key.job.bits, key.fence]
        )
    }

    private static let finding =
        "SELECT \(columns) FROM runs WHERE job = ? AND fence = ? AND lease = ?"

    /// The run of a grant, living or ended; nil for a key that was never granted.
    static func find(_ key: LeaseKey, in database: Database) throws -> Run? {
        try database.values(finding, [key.job.bits, key.fence, key.lease.bits], run).first
    }

    private static let findingAlive = """
        SELECT \(columns) FROM runs WHERE worker = ? AND request_id = ? AND ended_at IS NULL
        """

    static func alive(
        worker: String,
        requestID: String,
        in database: Database
    ) throws -> Lease? {
        try database.values(findingAlive, [worker, requestID], run).first?.lease
    }

    static func alive(in database: Database) throws -> [Lease] {
        // By its own choice SQLite would read all runs that there ever were, since these are in this order.
        let sql = """
            SELECT \(columns) FROM runs INDEXED BY runs_alive WHERE ended_at IS NULL ORDER BY job
            """
        return try database.values(sql, []) { try run($0).lease }
    }

    static func all(of id: JobID, in database: Database) throws -> [Run] {
        let sql = "SELECT \(columns) FROM runs WHERE job = ? ORDER BY fence"
        return try database.values(sql, [id.bits], run)
    }

    /// The fence and the resume step of each run of a job.
    static func curve(of id: JobID, in database: Database) throws -> Curve {
        let sql = "SELECT fence, resume_step FROM runs WHERE job = ? ORDER BY fence"
        return Curve(try database.values(sql, [id.bits]) { ($0[0], $0[1]) })
    }

    private static func run(_ row: ResultRow) throws -> Run {
        let key = LeaseKey(
            job: JobID(bits: row.bits(0)),
            fence: row[1],
            lease: LeaseID(bits: row.bits(2))
        )
        let lease = Lease(
            key: key,
            worker: row[3],
            server: row.isNull(4) ? nil : ServerID(bits: row.bits(4)),
            requestID: row[5],
            environment: row[14],
            gpus: GPUColumns.ids(row[15]),
            resumeStep: row[6],
            grantedThrough: row[7],
            sequence: row[8],
            grantedAt: row.requiredInstant(9)
        )
        let failure = (row[12] as String?).map { JobFailure(code: $0, detail: row[13]) }
        let ending = try (row[11] as String?).map { try RunEnding(column: $0, failure) }
        return Run(lease: lease, endedAt: row.instant(10), ending: ending)
    }
}

extension RunEnding {
    /// The word in the column `ending`.
    fileprivate var column: String {
        switch self {
        case .succeeded: "succeeded"
        case .failed(_, isPermanent: false): "failed"
        case .failed(_, isPermanent: true): "failed_permanently"
        case .released: "released"
        case .workerCrashed: "worker_crashed"
        case .outOfMemory: "out_of_memory"
        case .leaseExpired: "lease_expired"
        case .serverRestarted: "server_restarted"
        case .stopped: "stopped"
        }
    }

    fileprivate init(column: String, _ failure: JobFailure?) throws {
        switch (column, failure) {
        case ("succeeded", _): self = .succeeded
        case ("failed", let failure?): self = .failed(failure, isPermanent: false)
        case ("failed_permanently", let failure?): self = .failed(failure, isPermanent: true)
        case ("released", _): self = .released
        case ("worker_crashed", _): self = .workerCrashed
        case ("out_of_memory", _): self = .outOfMemory
        case ("lease_expired", _): self = .leaseExpired
        case ("server_restarted", _): self = .serverRestarted
        case ("stopped", _): self = .stopped
        default:
            throw DatabaseError(
                resultCode: .SQLITE_CORRUPT,
                message: "a run has the unknown ending \(column)"
            )
        }
    }
}
