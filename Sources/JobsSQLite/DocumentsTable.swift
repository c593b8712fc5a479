import GRDB
import Jobs

/// The rows of `documents` and `document_names`.
///
/// A name's row holds the number of its newest version, which outlives the removal of the versions;
/// it has no `changed_at` then, and is in no list.
enum DocumentsTable {
    private static let columns = """
        documents.kind, documents.name, documents.version, documents.content_hash,
        documents.payload, documents.created_at
        """

    static func put(
        _ submission: DocumentSubmission,
        in database: Database
    ) throws -> DocumentReceipt {
        let id = submission.id
        let newest = try find(id, version: nil, in: database)
        if let ruling = submission.ruling(after: newest) { return ruling }
        let version = try database.values(
            """
            INSERT INTO document_names (kind, name, newest, changed_at) VALUES (?, ?, 1, ?)
            ON CONFLICT DO UPDATE SET newest = newest + 1, changed_at = excluded.changed_at
            RETURNING newest
            """,
            [id.kind, id.name, submission.instant.column]
        ) { $0[0] as Int }.first
        let document = submission.document(version: version ?? 1)
        try database.run(
            "INSERT INTO documents VALUES (?, ?, ?, ?, ?, ?)",
            [
                id.kind, id.name, document.version, document.contentHash,
                document.payload, document.createdAt.column,
            ]
        )
        return .stored(document)
    }

    static func delete(
        _ id: DocumentID,
        _ condition: DocumentCondition,
        in database: Database
    ) throws -> DocumentRemoval {
        guard let newest = try find(id, version: nil, in: database) else {
            throw JobStoreError.notFound(id, version: nil, in: "deleteDocument")
        }
        guard condition.holds(for: newest) else { return .refused(newest: newest) }
        try database.run(
            "DELETE FROM documents WHERE kind = ? AND name = ?",
            [id.kind, id.name]
        )
        try database.run(
            "UPDATE document_names SET changed_at = NULL WHERE kind = ? AND name = ?",
            [id.kind, id.name]
        )
        return .removed
    }

    /// A version of a document, the newest for nil.
    static func find(
        _ id: DocumentID,
        version: Int?,
        in database: Database
    ) throws -> VersionedDocument? {
        let condition = version == nil ? "" : " AND version = ?"
        let arguments: [(any ColumnValue)?] =
            version.map { [id.kind, id.name, $0] } ?? [id.kind, id.name]
        return try database.values(
            """
            SELECT \(columns) FROM documents WHERE kind = ? AND name = ?\(condition)
            ORDER BY version DESC LIMIT 1
            """,
            arguments,
            document
        ).first
    }

    static func page(_ query: DocumentQuery, in database: Database) throws -> DocumentPage {
        let condition = query.cursor == nil ? "" : " AND (changed_at, name) < (?, ?)"
        var arguments: [(any ColumnValue)?] = [query.kind]
        if let cursor = query.cursor { arguments += [cursor.createdAt.column, cursor.name] }
        arguments.append(query.limit + 1)
        let found = try database.values(
            """
            SELECT \(columns) FROM (
                SELECT kind, name, newest, changed_at FROM document_names
                WHERE changed_at IS NOT NULL AND kind = ?\(condition)
                ORDER BY changed_at DESC, name DESC LIMIT ?
            ) AS page CROSS JOIN documents ON documents.kind = page.kind
                AND documents.name = page.name AND documents.version = page.newest
            ORDER BY page.changed_at DESC, page.name DESC
            """,
            arguments,
            document
        )
        return DocumentPage(upTo: query.limit, of: found)
    }

    static func versions(
        of id: DocumentID,
        before version: Int?,
        limit: Int,
        in database: Database
    ) throws -> DocumentPage {
        let found = try database.values(
            """
            SELECT \(columns) FROM documents WHERE kind = ? AND name = ? AND version < ?
            ORDER BY version DESC LIMIT ?
            """,
            [id.kind, id.name, version ?? .max, limit + 1],
            document
        )
        return DocumentPage(upTo: limit, of: found)
    }

    private static func document(_ row: ResultRow) -> VersionedDocument {
        VersionedDocument(
            id: DocumentID(kind: row[0], name: row[1]),
            version: row[2],
            contentHash: row.requiredBytes(3),
            payload: row.requiredBytes(4),
            createdAt: row.requiredInstant(5)
        )
    }
}
