extension SQLiteSchema {
    /// Which jobs may wait at a worker for the one before; none of those that older versions have taken.
    static let brief = "ALTER TABLE jobs ADD COLUMN is_brief INTEGER NOT NULL DEFAULT 0;"
}
