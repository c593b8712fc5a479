extension SQLiteSchema {
    /// What commands need: the GPUs that jobs ask for, those that runs have, and the files that jobs start
    /// from.
    static let commands = """
        ALTER TABLE jobs ADD COLUMN gpus INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE jobs ADD COLUMN gpu_memory INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE jobs ADD COLUMN start_file TEXT;
        CREATE INDEX jobs_by_start_file ON jobs (start_file) WHERE start_file IS NOT NULL;
        ALTER TABLE runs ADD COLUMN gpus TEXT;
        CREATE INDEX runs_with_gpus ON runs (gpus) WHERE ended_at IS NULL AND gpus IS NOT NULL;
        """
}
