/// A job that was removed with all its history.
package struct JobRemoval: Hashable, Sendable {
    /// The job.
    package let id: JobID
    /// The files that it needed; other jobs may need the same bytes.
    package let files: [StoredFile]

    /// A removal.
    package init(id: JobID, files: [StoredFile]) {
        self.id = id
        self.files = files
    }
}
