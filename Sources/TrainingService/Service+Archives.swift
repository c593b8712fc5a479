internal import Archives
internal import Foundation
internal import Jobs
internal import Logging
internal import TrainingAPI

/// Archives of code that people upload for their commands.
///
/// One stays as long as a job names it, and for a day after its upload.
extension Service {
    /// How long an archive stays that no job names.
    static let archiveGrace: TimeInterval = 86_400
    /// In how long a time the same upload is not noted again.
    private static let noteInterval = 43_200

    private static func id(ofArchive hash: String) -> DocumentID {
        DocumentID(kind: "archive", name: hash)
    }

    /// Why no archive is taken; `nil` where some are.
    func archiveRefusal() -> Problem? {
        guard !configuration.runsCommands else { return nil }
        return Problem(
            status: 403,
            detail:
                "This server runs no commands, and takes no code for them. lehrd serve --commands on"
                + " takes both."
        )
    }

    /// Stores an archive whose bytes lie whole at `path`; it is durable when this returns.
    ///
    /// - Returns: The archive, and whether it is new.
    /// - Throws: `Problem` 422 for what is no archive or unsafe to unpack; `FileStoreError`; `JobStoreError`.
    func putArchive(_ path: String) throws -> (body: ArchiveBody, isNew: Bool) {
        try checkRoom()
        let format: Archive.Format
        let contents: ArchiveContents
        do {
            let archive = try Archive(path: path)
            format = archive.format
            contents = try archive.check()
        } catch {
            let detail = "the body is no archive that can be unpacked: \(error)"
            throw RequestBody.invalid([Fault(pointer: "", detail: detail, code: .type)])
        }
        return try datasetGate.reading {
            try files.take(path) { file in
                let now = Date()
                let isNew = try archive(file.hash) == nil
                let body = ArchiveBody(
                    hash: file.hash,
                    size: file.size,
                    format: format.rawValue,
                    files: contents.files,
                    unpackedBytes: contents.bytes,
                    createdAt: Instant.text(now)
                )
                let turn = Int(now.timeIntervalSince1970) / Self.noteInterval
                _ = try store.put(
                    DocumentSubmission(
                        id: Self.id(ofArchive: file.hash),
                        contentHash: Array("\(file.hash) \(turn)".utf8),
                        payload: body.json(),
                        at: now
                    )
                )
                return (try archive(file.hash) ?? body, isNew)
            }
        }
    }

    /// The archive of a hash; `nil` where none was uploaded.
    ///
    /// - Throws: `JobStoreError`.
    func archive(_ hash: String) throws -> ArchiveBody? {
        let document: VersionedDocument
        do {
            document = try store.document(Self.id(ofArchive: hash))
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
        return ArchiveBody(try JSONReader.read(document.payload).document)
    }

    /// The bytes of an archive.
    ///
    /// - Throws: `Problem` 404; `JobStoreError`.
    func archiveFile(_ hash: String) throws -> (file: StoredFile, format: String) {
        guard let body = try archive(hash) else { throw Self.noArchive(hash) }
        return (StoredFile(hash: body.hash, size: body.size), body.format)
    }

    /// Removes an archive.
    ///
    /// - Throws: `Problem` 404; 409 while a job names it.
    func deleteArchive(_ hash: String) throws {
        try datasetGate.changing {
            guard try archive(hash) != nil else { throw Self.noArchive(hash) }
            guard try store.needed(among: [hash]).isEmpty else {
                throw Problem(
                    status: 409,
                    detail: "Jobs start from the archive \(hash.prefix(12)); delete them first."
                )
            }
            try forgetArchives([hash])
        }
    }

    /// Reports code that was not uploaded.
    ///
    /// - Throws: `JobStoreError`.
    func check(codeOf work: JobWork, _ context: inout DecodingContext) throws {
        guard let hash = work.command?.code, try archive(hash) == nil else { return }
        context.report(
            Pointer.root.appending("code"),
            .range,
            "no archive with this hash is there; POST it to /v1/archives first, or let lehr submit"
                + " --code FOLDER do both"
        )
    }

    /// Removes the archives that were uploaded more than a day ago and that no job names.
    func sweepArchives(now: Date = Date()) {
        guard !wallClock.isSet(wall: now) else { return }
        do {
            var query = DocumentQuery(kind: "archive", limit: 500)
            while true {
                let page = try store.documents(query)
                let old = page.documents.filter {
                    now.timeIntervalSince($0.createdAt) > Self.archiveGrace
                }
                if !old.isEmpty {
                    try datasetGate.changing {
                        let hashes = Set(old.map(\.id.name))
                        try forgetArchives(hashes.subtracting(store.needed(among: hashes)))
                    }
                }
                guard let next = page.next else { return }
                query.cursor = next
            }
        } catch {
            logger.warning("archives that no job names could not be removed: \(error)")
        }
    }

    /// Removes archives that no job names; the gate is held.
    private func forgetArchives(_ hashes: Set<String>) throws {
        for hash in hashes {
            _ = try store.deleteDocument(Self.id(ofArchive: hash), condition: DocumentCondition())
        }
        try files.remove(hashes) { try needed(among: $0) }
    }

    /// Those of some files that a job or an archive needs.
    ///
    /// - Throws: `JobStoreError`.
    func needed(among hashes: Set<String>) throws -> Set<String> {
        let needed = try store.needed(among: hashes)
        return needed.union(
            try hashes.subtracting(needed).filter { try archive($0) != nil }
        )
    }

    private static func noArchive(_ hash: String) -> Problem {
        Problem(status: 404, detail: "There is no archive \"\(hash.prefix(100))\".")
    }
}
