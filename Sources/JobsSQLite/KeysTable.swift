import Foundation
import GRDB
import Jobs

/// The rows of `idempotency_keys`.
enum KeysTable {
    /// What a key was used for before.
    static func find(
        _ key: Idempotency,
        in database: Database
    ) throws -> (bodyHash: [UInt8], answer: [UInt8])? {
        try database.values(
            "SELECT body_hash, answer FROM idempotency_keys WHERE scope = ? AND key = ?",
            [key.scope, key.key]
        ) { ($0.requiredBytes(0), $0.requiredBytes(1)) }.first
    }

    static func insert(_ key: Idempotency, at instant: Date, in database: Database) throws {
        try database.run(
            "INSERT INTO idempotency_keys VALUES (?, ?, ?, ?, ?)",
            [
                key.scope, key.key, key.bodyHash, key.answer, instant.column,
            ]
        )
    }

    /// Forgets the keys that were used before an instant, and counts them.
    static func delete(before instant: Date, in database: Database) throws -> Int {
        try database.run("DELETE FROM idempotency_keys WHERE accepted_at < ?", [instant.column])
        return database.changesCount
    }
}
