extension SQLiteSchema {
    /// The event log of each job, with the number of its newest entry.
    ///
    /// Jobs that were accepted before have an empty one.
    static let events = """
        ALTER TABLE jobs ADD COLUMN last_event INTEGER NOT NULL DEFAULT 0;

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
