extension SQLiteSchema {
    /// What people have changed of jobs, and the checkpoints of others from which jobs go on.
    static let edits = """
        ALTER TABLE jobs ADD COLUMN edits BLOB;
        ALTER TABLE jobs ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE jobs ADD COLUMN origin_job BLOB;
        ALTER TABLE jobs ADD COLUMN origin_step INTEGER;
        """
}
