internal import Datasets
internal import Jobs
internal import TrainingAPI

/// The one place where errors become HTTP.
extension Problem {
    /// The problem that tells of `error`.
    init(mapping error: any Error) {
        switch error {
        case let problem as Problem:
            self = problem
        case let error as JobStoreError:
            self.init(error)
        case let error as DatasetError:
            self.init(status: 500, detail: "\(error).")
        case let error as FileStoreError:
            self.init(status: error.isNoSpace ? 507 : 503, detail: "\(error).")
        default:
            self.init(status: 500, detail: "\(error)")
        }
    }

    private init(_ error: JobStoreError) {
        let sentence = error.detail.prefix(1).uppercased() + error.detail.dropFirst() + "."
        switch error.code {
        case .leaseLost:
            self.init(
                status: 409,
                type: Problem.leaseLostType,
                title: "The lease is lost",
                detail: sentence
            )
        case .notFound:
            self.init(status: 404, detail: sentence)
        case .conflict(let allowed):
            self.init(status: 409, detail: sentence, allowedActions: allowed.map(\.rawValue))
        case .outOfOrder:
            self.init(
                status: 409,
                type: "/problems/out_of_order",
                title: "A report is missing",
                detail: sentence
            )
        case .queueFull:
            self.init(
                status: 429,
                type: "/problems/queue_full",
                title: "The queue is full",
                detail: sentence
            )
        case .noSpace:
            self.init(status: 507, detail: sentence)
        case .unavailable, .corrupt, .newerSchema, .locked:
            self.init(status: 503, detail: sentence)
        }
    }
}
