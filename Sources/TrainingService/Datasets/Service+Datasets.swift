internal import Datasets
internal import Foundation
internal import Jobs
internal import TrainingAPI

/// Datasets that people bring.
extension Service {
    /// Stores what the file at `path` holds as the dataset called `name`; durable when this returns.
    ///
    /// The same content again changes nothing.
    ///
    /// - Returns: The dataset, and whether it is new.
    /// - Throws: `Problem` 422 for a file that is no dataset, 409 where jobs rely on another content.
    func putDataset(
        _ name: String,
        path: String,
        options: UploadOptions
    ) throws -> (body: DatasetBody, isNew: Bool) {
        try checkDatasetName(name)
        let upload: Upload
        do {
            upload = try Upload(name: name, path: path, options: options)
        } catch let fault as UploadFault {
            let detail = "the file is no dataset: \(fault)"
            throw RequestBody.invalid([Fault(pointer: "", detail: detail, code: .type)])
        }
        return try datasetGate.changing { try store(upload, as: name) }
    }

    /// Gives a decoded file its name; the gate is held.
    private func store(
        _ upload: Upload,
        as name: String
    ) throws -> (body: DatasetBody, isNew: Bool) {
        let hash = upload.description.contentHash
        let before = try datasets.found(named: name)?.entry
        if let before, before.description.contentHash != hash {
            try checkUnused(
                name,
                "other content",
                "store this one under another name",
                among: { _ in true }
            )
        }
        try datasets.catalogue.prepare()
        try RowFile(folder: datasets.catalogue.cache, hash: hash).write(upload)
        let receipt = try store.put(
            DocumentSubmission(
                id: DocumentID(kind: DatasetRegistry.kind, name: name),
                contentHash: Array(hash.description.utf8),
                payload: upload.description.encoded,
                at: Date()
            )
        )
        if let before, before.description.contentHash != hash {
            try removeRows(before.description.contentHash)
        }
        guard let body = try datasets.dataset(named: name) else {
            throw Problem(status: 409, detail: "The dataset \"\(name)\" was removed meanwhile.")
        }
        if case .stored = receipt { return (body, true) }
        return (body, false)
    }

    /// Removes a dataset that somebody brought, with its rows.
    ///
    /// - Throws: `Problem` 404; 409 while a job that has not ended relies on it.
    func deleteDataset(_ name: String) throws {
        guard let found = try datasets.found(named: name) else {
            throw Problem(status: 404, detail: "There is no dataset \"\(name)\".")
        }
        guard found.isUploaded else {
            throw Problem(status: 409, detail: "\"\(name)\" comes with the service and stays.")
        }
        try datasetGate.changing {
            try checkUnused(
                name,
                "that have not ended",
                "cancel them or let them end first",
                among: { !$0.isTerminal }
            )
            let id = DocumentID(kind: DatasetRegistry.kind, name: name)
            _ = try store.deleteDocument(id, condition: DocumentCondition())
            try removeRows(found.entry.description.contentHash)
        }
    }

    /// Refuses a job whose dataset became another one since the job was planned; the gate is held.
    func checkUnchanged(_ dataset: DatasetSpecification, hash: String) throws {
        guard dataset.synthetic == nil else { return }
        let found = try datasets.found(named: dataset.name)
        guard found?.entry.description.contentHash.description == hash else {
            throw Problem(
                status: 409,
                detail: "The dataset \"\(dataset.name)\" was changed or removed while the job was"
                    + " read; submit it again."
            )
        }
    }

    /// Refuses a name that the service has itself, or that is none.
    func checkDatasetName(_ name: String) throws(Problem) {
        let isPlain = name.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte)
                || (0x61...0x7A).contains(byte) || "._-".utf8.contains(byte)
        }
        guard isPlain, (1...100).contains(name.utf8.count), name.first?.isLetter == true else {
            let detail =
                "a dataset's name has 1 to 100 of A-Z a-z 0-9 . _ - and begins with a letter, and is not"
                + " \"\(name)\""
            throw RequestBody.invalid([Fault(pointer: "", detail: detail, code: .range)])
        }
        guard !datasets.catalogue.entries.contains(where: { $0.description.name == name }) else {
            throw Problem(
                status: 409,
                detail: "\"\(name)\" comes with the service; choose another name."
            )
        }
    }

    private func checkUnused(
        _ name: String,
        _ which: String,
        _ remedy: String,
        among isMeant: (JobState) -> Bool
    ) throws {
        var query = JobQuery(limit: 500)
        var (count, first) = (0, "")
        while true {
            let page = try store.jobs(query)
            for job in page.jobs where isMeant(job.state) {
                let stored = StoredJob(reading: job.specification)
                guard stored?.specification["dataset"]?["name"]?.string == name else { continue }
                count += 1
                first = job.id.description
            }
            guard let next = page.next else { break }
            query.cursor = next
        }
        guard count == 0 else {
            let jobs = count == 1 ? "a job relies" : "\(count) jobs rely"
            throw Problem(
                status: 409,
                detail: "\(jobs) on the dataset \"\(name)\" (\(first)), \(which); \(remedy)."
            )
        }
    }

    /// Deletes the rows of a hash, unless another name has the same content.
    private func removeRows(_ hash: ContentHash) throws {
        let text = hash.description
        guard try !datasets.all().contains(where: { $0.hash == text }) else { return }
        // A file that stays takes space, and nothing else.
        try? FileManager.default.removeItem(
            atPath: RowFile(folder: datasets.catalogue.cache, hash: hash).path
        )
    }
}
