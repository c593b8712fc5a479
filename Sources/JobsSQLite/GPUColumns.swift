import Foundation
import GRDB
import Jobs

/// The columns that say which GPUs jobs ask for and runs have.
enum GPUColumns {
    /// Between the ids of a run's GPUs, none of which has control characters.
    private static let separator: Character = "\n"

    /// What a run keeps; nil for no GPUs.
    static func text(of ids: [String]) -> String? {
        ids.isEmpty ? nil : ids.joined(separator: String(separator))
    }

    /// What a run has kept.
    static func ids(_ text: String?) -> [String] {
        text?.split(separator: separator).map(String.init) ?? []
    }

    /// Those of a worker's GPUs that no living run has.
    static func free(of request: LeaseRequest, in database: Database) throws -> [GPU] {
        guard !request.gpus.isEmpty else { return [] }
        let taken = try taken(in: database)
        return request.gpus.filter { !taken.contains($0.id) }
    }

    /// The ids of the GPUs that living runs have.
    static func taken(in database: Database) throws -> Set<String> {
        let sql = "SELECT gpus FROM runs WHERE ended_at IS NULL AND gpus IS NOT NULL"
        return Set(try database.values(sql, []) { ids($0[0]) }.joined())
    }

    /// The condition of jobs that could run with some GPUs; empty ones are those without any.
    ///
    /// The k-th largest memory is what each of k GPUs can have.
    static func condition(
        offering gpus: [GPU]
    ) -> (sql: String, arguments: [(any ColumnValue)?]) {
        guard !gpus.isEmpty else { return ("AND gpus = 0", []) }
        let memories = gpus.map(\.memoryBytes).sorted(by: >)
        let cases = memories.indices.map { "WHEN \($0 + 1) THEN ?" }.joined(separator: " ")
        return ("AND gpu_memory <= CASE gpus WHEN 0 THEN 0 \(cases) ELSE -1 END", memories)
    }
}
