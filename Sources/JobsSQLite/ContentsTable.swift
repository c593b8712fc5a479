import GRDB
import Jobs

/// The rows of `contents`: the bytes of checkpoints and artifacts that came to the store with their rows.
///
/// The same bytes stand there once, however many rows need them; triggers remove them with the last. Bytes that
/// come again take the place of those that are there where these differ, and so are damaged.
enum ContentsTable {
    static func insert(_ bytes: [UInt8], as file: StoredFile, in database: Database) throws {
        try database.run(
            """
            INSERT INTO contents (hash, bytes) VALUES (?, ?)
            ON CONFLICT DO UPDATE SET bytes = excluded.bytes WHERE bytes <> excluded.bytes
            """,
            [file.hash, bytes]
        )
    }

    /// The bytes; nil where they are kept elsewhere.
    static func find(_ file: StoredFile, in database: Database) throws -> [UInt8]? {
        try database.values(
            "SELECT bytes FROM contents WHERE hash = ?",
            [file.hash]
        ) { $0.requiredBytes(0) }.first
    }
}
