import TrainingAPI
import TrainingClient

/// Asks a server for what it does.
struct TopLook {
    let client: LehrClient
    /// The labels that a job must have.
    let labels: [String: String]

    /// How many jobs that have not ended are shown at most.
    private static let activeLimit = 100
    /// How many jobs that ended last are shown.
    private static let endedLimit = 5
    /// How many running jobs show the course of their loss.
    private static let courseLimit = 16

    /// Looks once more; a server that is away for now leaves the last view, which then says so.
    func view(after last: TopView?) async throws(ClientError) -> TopView {
        do {
            return try await view()
        } catch {
            guard error.isPassing, var last else { throw error }
            last.trouble = "\(error.detail); waiting for it"
            return last
        }
    }

    /// Looks.
    func view() async throws(ClientError) -> TopView {
        let active = try await client.jobs(
            JobQuery(states: TopView.active, labels: labels, limit: Self.activeLimit)
        )
        let ended = try await client.jobs(
            JobQuery(
                states: ["succeeded", "failed", "cancelled"],
                labels: labels,
                limit: Self.endedLimit
            )
        )
        let workers = try await client.workers()
        let order = Dictionary(
            uniqueKeysWithValues: TopView.active.enumerated().map { ($1, $0) }
        )
        // A job may end between the two looks; it is shown once.
        let ids = Set(active.value.items.map(\.id))
        let jobs =
            active.value.items.enumerated().sorted { left, right in
                let places = [left, right].map { order[$0.element.state] ?? order.count }
                return (places[0], left.offset) < (places[1], right.offset)
            }.map(\.element) + ended.value.items.filter { !ids.contains($0.id) }
        var rows: [TopView.Row] = []
        for (index, job) in jobs.enumerated() {
            let hasCourse = job.state == "running" && index < Self.courseLimit
            rows.append(
                TopView.Row(job: job, losses: hasCourse ? try await losses(of: job) : [])
            )
        }
        return TopView(server: client.server.description, rows: rows, workers: workers.value)
    }

    private func losses(of job: JobBody) async throws(ClientError) -> [Double] {
        let query = MetricsQuery(series: ["train_loss"], maximumPoints: TopView.courseWidth * 2)
        do {
            return try await client.metrics(of: job.id, query).value["train_loss"]?.values ?? []
        } catch {
            // A script's curves have other names, and a job may be deleted between two looks.
            guard error.problem?.status == 422 || error.isNotFound else { throw error }
            return []
        }
    }
}
