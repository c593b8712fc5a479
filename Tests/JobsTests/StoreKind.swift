import Foundation
import Jobs
import JobsSQLite

/// The stores that the conformance suites run against.
enum StoreKind: CaseIterable {
    case memory
    case sqlite

    func make() throws -> any JobStore {
        switch self {
        case .memory: InMemoryJobStore()
        case .sqlite: try SQLiteJobStore(folder: try TemporaryFolder().path)
        }
    }
}

/// A folder below the system's temporary one, which the test process removes at its end.
struct TemporaryFolder {
    private static let root: String = {
        let path = NSTemporaryDirectory() + "jobs-tests-\(getpid())"
        atexit { try? FileManager.default.removeItem(atPath: TemporaryFolder.root) }
        return path
    }()

    let path = TemporaryFolder.root + "/" + UUID().uuidString

    init() throws {
        try FileManager.default.createDirectory(
            atPath: path,
            withIntermediateDirectories: true
        )
    }
}

/// The instants of tests: so many seconds after a fixed one.
func instant(_ seconds: Double) -> Date {
    Date(timeIntervalSince1970: 1_800_000_000 + seconds)
}

/// A submission that differs by its number: created so many seconds after the fixed instant.
func submission(
    _ number: Int,
    kind: String = "train",
    change: (inout JobSubmission) -> Void = { _ in }
) -> JobSubmission {
    let now = instant(Double(number))
    var submission = JobSubmission(
        id: JobID(at: now, random: UInt64(number)),
        kind: kind,
        specification: Array("job \(number)".utf8),
        totalSteps: 1_000,
        at: now
    )
    change(&submission)
    return submission
}

func request(
    _ requestID: String,
    worker: String = "w1",
    kinds: Set<String> = ["train"],
    at seconds: Double,
    change: (inout LeaseRequest) -> Void = { _ in }
) -> LeaseRequest {
    var request = LeaseRequest(
        worker: worker,
        requestID: requestID,
        kinds: kinds,
        at: instant(seconds)
    )
    change(&request)
    return request
}

/// A content of a named document, whose hash is the content itself.
func document(
    _ name: String,
    _ content: String,
    kind: String = "schedule",
    at seconds: Double = 0,
    change: (inout DocumentSubmission) -> Void = { _ in }
) -> DocumentSubmission {
    var submission = DocumentSubmission(
        id: DocumentID(kind: kind, name: name),
        contentHash: Array(content.utf8),
        payload: Array("payload \(content)".utf8),
        at: instant(seconds)
    )
    change(&submission)
    return submission
}

/// The receipt of a content that was stored as a version.
func stored(
    _ name: String,
    _ content: String,
    _ version: Int,
    at seconds: Double = 0
) -> DocumentReceipt {
    .stored(document(name, content, at: seconds).document(version: version))
}

extension JobStore {
    /// Accepts a submission that must be new.
    @discardableResult
    func add(_ submission: JobSubmission) throws -> JobRecord {
        guard case .created(let job) = try accept(submission) else {
            throw UnexpectedAnswer()
        }
        return job
    }

    /// Grants a job that must be there.
    func take(_ request: LeaseRequest) throws -> LeasedJob {
        guard let leased = try lease(request) else { throw UnexpectedAnswer() }
        return leased
    }
}

struct UnexpectedAnswer: Error {}

extension JobStoreError.Code {
    /// Whether a verb fails with this code.
    func isThrown(by verb: () throws -> Void) -> Bool {
        do {
            try verb()
            return false
        } catch {
            return (error as? JobStoreError)?.code == self
        }
    }
}
