extension SQLiteSchema {
    /// The bytes of small files, which come with the rows that need them and go with the last such row.
    ///
    /// A row that is replaced or removed with its job fires the triggers too: rows are replaced by updates
    /// alone, and a foreign key's removal is one like any other.
    static let contents = """
        CREATE TABLE contents (
            hash TEXT NOT NULL PRIMARY KEY,
            bytes BLOB NOT NULL
        ) STRICT;
        """
        + ["checkpoints", "artifacts"].map { table in
            ["DELETE ON", "UPDATE OF hash ON"].map { change in
                """
                CREATE TRIGGER contents_follow_\(change.prefix(6).lowercased())_of_\(table)
                AFTER \(change) \(table) BEGIN
                    DELETE FROM contents WHERE hash = old.hash
                        AND NOT EXISTS (SELECT 1 FROM checkpoints WHERE hash = old.hash)
                        AND NOT EXISTS (SELECT 1 FROM artifacts WHERE hash = old.hash);
                END;
                """
            }.joined(separator: "\n")
        }.joined(separator: "\n")
}
