/// The folder in which a server keeps everything.
struct DataFolder: Sendable {
    /// Its path.
    let path: String

    /// The folder of decoded datasets, those that people have brought among them.
    var datasets: String { path + "/datasets" }
    /// The folder of checkpoints and of what jobs leave behind, each under the hash of its bytes.
    var files: String { path + "/files" }
    /// The database, which the store names so.
    var database: String { path + "/jobs.sqlite" }
}
