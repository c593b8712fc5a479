import GRDB
import Jobs

/// The tables of the store, and the steps that bring an older file up to them.
///
/// Identifiers are 16-byte blobs, instants microseconds since 1970, payloads blobs.
enum SQLiteSchema {
    /// The steps in order; a file's `user_version` says how many it has taken.
    static let migrations = [
        first, second, files, events, edits, limits, contents, commands, brief,
    ]

    /// Brings a database up to the newest schema, in one transaction.
    ///
    /// - Throws: `newerSchema` for a file that has taken more steps than are known here.
    static func migrate(_ database: Database, folder: String) throws {
        let version = try check(database, folder: folder)
        guard version < migrations.count else { return }
        try database.inTransaction(.immediate) {
            for migration in migrations[version...] {
                try database.execute(sql: migration)
            }
            try database.execute(sql: "PRAGMA user_version = \(migrations.count)")
            return .commit
        }
    }

    /// How many steps a database has taken.
    ///
    /// - Throws: `newerSchema` for one that has taken more steps than are known here.
    @discardableResult
    static func check(_ database: Database, folder: String) throws -> Int {
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard version <= migrations.count else {
            throw JobStoreError(
                code: .newerSchema,
                operation: "open",
                detail: """
                    the data folder \(folder) was written by a newer version of this program \
                    (schema \(version), known here up to \(migrations.count))
                    """
            )
        }
        return version
    }

    /// The first tables.
    ///
    /// Each index of jobs leads with what a list filters by and ends with its order, so that a page
    /// is one seek per state however many jobs there are. Labels repeat their job's state and
    /// creation for the same reason; a trigger keeps the state true.
    private static let first = """
        CREATE TABLE jobs (
            id BLOB NOT NULL PRIMARY KEY,
            name TEXT,
            kind TEXT NOT NULL,
            state TEXT NOT NULL,
            notes TEXT,
            specification BLOB NOT NULL,
            priority INTEGER NOT NULL,
            maximum_attempts INTEGER NOT NULL,
            attempt INTEGER NOT NULL,
            crashes INTEGER NOT NULL,
            fence INTEGER NOT NULL,
            version INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            enqueued_at INTEGER NOT NULL,
            queue_place INTEGER NOT NULL,
            not_before INTEGER,
            started_at INTEGER,
            finished_at INTEGER,
            step INTEGER NOT NULL,
            total_steps INTEGER NOT NULL,
            progress BLOB,
            summary BLOB,
            feedback BLOB,
            failure_code TEXT,
            failure_detail TEXT,
            host TEXT
        ) STRICT;
        CREATE INDEX jobs_queue ON jobs (kind, queue_place, id, not_before)
            WHERE state = 'queued';
        CREATE INDEX jobs_by_state ON jobs (state, created_at, id);
        CREATE INDEX jobs_by_kind ON jobs (kind, state, created_at, id);
        CREATE INDEX jobs_by_name ON jobs (name, state, created_at, id) WHERE name IS NOT NULL;

        CREATE TABLE labels (
            job BLOB NOT NULL REFERENCES jobs ON DELETE CASCADE,
            key TEXT NOT NULL,
            value TEXT NOT NULL,
            state TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            PRIMARY KEY (job, key)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX labels_by_value ON labels (key, value, state, created_at, job);
        CREATE TRIGGER labels_follow_state AFTER UPDATE OF state ON jobs
        WHEN new.state <> old.state BEGIN
            UPDATE labels SET state = new.state WHERE job = new.id;
        END;

        CREATE TABLE runs (
            job BLOB NOT NULL REFERENCES jobs ON DELETE CASCADE,
            fence INTEGER NOT NULL,
            lease BLOB NOT NULL,
            worker TEXT NOT NULL,
            server BLOB,
            request_id TEXT NOT NULL,
            resume_step INTEGER NOT NULL,
            granted_through INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            granted_at INTEGER NOT NULL,
            ended_at INTEGER,
            ending TEXT,
            failure_code TEXT,
            failure_detail TEXT,
            PRIMARY KEY (job, fence)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX runs_alive ON runs (worker, request_id) WHERE ended_at IS NULL;

        CREATE TABLE checkpoints (
            job BLOB NOT NULL REFERENCES jobs ON DELETE CASCADE,
            step INTEGER NOT NULL,
            fence INTEGER NOT NULL,
            payload BLOB NOT NULL,
            feedback BLOB,
            committed_at INTEGER NOT NULL,
            PRIMARY KEY (job, step)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE series_chunks (
            job BLOB NOT NULL REFERENCES jobs ON DELETE CASCADE,
            series TEXT NOT NULL,
            fence INTEGER NOT NULL,
            from_step INTEGER NOT NULL,
            to_step INTEGER NOT NULL,
            count INTEGER NOT NULL,
            payload BLOB NOT NULL
        ) STRICT;
        CREATE INDEX series_chunks_by_step ON series_chunks (job, series, fence, to_step);

        CREATE TABLE idempotency_keys (
            scope BLOB NOT NULL,
            key TEXT NOT NULL,
            body_hash BLOB NOT NULL,
            answer BLOB NOT NULL,
            accepted_at INTEGER NOT NULL,
            PRIMARY KEY (scope, key)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX idempotency_keys_by_age ON idempotency_keys (accepted_at);

        CREATE TABLE probes (
            id INTEGER PRIMARY KEY,
            count INTEGER NOT NULL
        ) STRICT;
        INSERT INTO probes VALUES (1, 0);
        """

    /// Named documents.
    ///
    /// The index holds the names of a kind in the order of their list, and none that was removed.
    private static let second = """
        CREATE TABLE document_names (
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            newest INTEGER NOT NULL,
            changed_at INTEGER,
            PRIMARY KEY (kind, name)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX document_names_by_change ON document_names (kind, changed_at, name)
            WHERE changed_at IS NOT NULL;

        CREATE TABLE documents (
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            version INTEGER NOT NULL,
            content_hash BLOB NOT NULL,
            payload BLOB NOT NULL,
            created_at INTEGER NOT NULL,
            PRIMARY KEY (kind, name, version)
        ) STRICT;
        """

    /// Files that jobs need, and the environments in which their steps were computed.
    ///
    /// No version without files has written checkpoints.
    private static let files = """
        ALTER TABLE jobs ADD COLUMN requires_exact INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE jobs ADD COLUMN environment TEXT;
        ALTER TABLE jobs ADD COLUMN is_exact INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE runs ADD COLUMN environment TEXT;

        DROP TABLE checkpoints;
        CREATE TABLE checkpoints (
            job BLOB NOT NULL REFERENCES jobs ON DELETE CASCADE,
            step INTEGER NOT NULL,
            fence INTEGER NOT NULL,
            hash TEXT NOT NULL,
            size INTEGER NOT NULL,
            environment TEXT,
            is_exact INTEGER NOT NULL,
            feedback BLOB,
            committed_at INTEGER NOT NULL,
            PRIMARY KEY (job, step)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX checkpoints_by_hash ON checkpoints (hash);

        CREATE TABLE artifacts (
            job BLOB NOT NULL REFERENCES jobs ON DELETE CASCADE,
            name TEXT NOT NULL,
            fence INTEGER NOT NULL,
            hash TEXT NOT NULL,
            size INTEGER NOT NULL,
            media_type TEXT NOT NULL,
            committed_at INTEGER NOT NULL,
            PRIMARY KEY (job, name)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX artifacts_by_hash ON artifacts (hash);
        """
}
