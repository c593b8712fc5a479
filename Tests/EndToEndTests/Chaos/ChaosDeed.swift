/// What happens in a ``Chaos``; the raw value says it in its report.
enum ChaosDeed: String, CaseIterable {
    case submission = "submissions"
    case repeatedKey = "repeated keys, answered as before"
    case vanishedClient = "clients that vanished before their answer"
    case edit = "edits taken"
    case pause = "pauses taken"
    case resume = "resumes"
    case fork = "forks"
    case cancellation = "cancellations"
    case killedWorker = "workers killed"
    case killedServer = "servers killed"
    case drainedServer = "servers stopped in order"
    case stoppedWorker = "workers stopped until another had their job, and continued"
    case silentWorker = "workers stopped past their lease, and continued"
    case fullDisk = "submissions refused by a full disk"
    case failedSync = "flushes of checkpoints and artifacts that failed"
    case setClock = "settings of the wall clock"
    case staleWrite = "writes of stale workers refused"
    case expiredLease = "leases expired in silence"
    case revivedLease = "expired leases taken up again"
    case supersededRun = "runs superseded by another"

    /// What is done in one round.
    static let deck: [ChaosDeed] =
        shares.flatMap { deed, count in Array(repeating: deed, count: count) }

    private static let shares: [(ChaosDeed, Int)] = [
        (.submission, 3), (.repeatedKey, 1), (.vanishedClient, 1), (.edit, 4), (.pause, 2),
        (.resume, 3), (.fork, 1), (.cancellation, 1), (.killedWorker, 4), (.killedServer, 1),
        (.drainedServer, 1), (.stoppedWorker, 1), (.silentWorker, 1), (.fullDisk, 1),
        (.failedSync, 2), (.setClock, 2),
    ]

    /// What must have happened before the rage ends, since without it nothing is shown; superseded runs
    /// are counted afterwards.
    static let wanted = Set(allCases).subtracting([.cancellation, .supersededRun])
}
