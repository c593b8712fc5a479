extension SQLiteSchema {
    /// The event log of each job, with the number of its newest entry; and the grants that a retry
    /// from the start has left behind.
    ///
    /// The log of jobs that were accepted before is empty.
    static let events = """
        ALTER TABLE jobs ADD COLUMN last_event INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE jobs ADD COLUMN restart_fence INTEGER NOT NULL DEFAULT 0;

        CREATE TABLE job_events (
            job BLOB NOT NULL REFERENCES jobs ON DELETE CASCADE,
            id INTEGER NOT NULL,
            kind TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            payload BLOB NOT NULL,
            PRIMARY KEY (job, id)
        ) STRICT, WITHOUT ROWID;
        """
}
