extension SQLiteSchema {
    /// What limits need: how long jobs have run, how many are in each state, which ended first, and from
    /// which others go on.
    ///
    /// The counts are kept by triggers, so that neither a submission nor a scrape counts the jobs.
    static let limits = """
        ALTER TABLE jobs ADD COLUMN ran_seconds REAL NOT NULL DEFAULT 0;
        CREATE INDEX jobs_by_end ON jobs (finished_at, id) WHERE finished_at IS NOT NULL;
        CREATE INDEX jobs_by_origin ON jobs (origin_job) WHERE origin_job IS NOT NULL;

        CREATE TABLE state_counts (
            state TEXT NOT NULL PRIMARY KEY,
            count INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        INSERT INTO state_counts VALUES
            ('queued', 0), ('running', 0), ('pausing', 0), ('paused', 0), ('cancelling', 0),
            ('cancelled', 0), ('succeeded', 0), ('failed', 0);
        UPDATE state_counts SET count =
            (SELECT count(*) FROM jobs WHERE jobs.state = state_counts.state);
        CREATE TRIGGER counts_follow_insertion AFTER INSERT ON jobs BEGIN
            UPDATE state_counts SET count = count + 1 WHERE state = new.state;
        END;
        CREATE TRIGGER counts_follow_deletion AFTER DELETE ON jobs BEGIN
            UPDATE state_counts SET count = count - 1 WHERE state = old.state;
        END;
        CREATE TRIGGER counts_follow_state AFTER UPDATE OF state ON jobs
        WHEN new.state <> old.state BEGIN
            UPDATE state_counts SET count = count - 1 WHERE state = old.state;
            UPDATE state_counts SET count = count + 1 WHERE state = new.state;
        END;
        """
}
