import Foundation
import Jobs

/// A file beside a database which says that the database is to be checked for damage before it is trusted.
///
/// A log that was left behind says so too, but only until the database is closed the next time; the mark
/// stays until a check has found nothing.
struct DoubtMark: Sendable {
    private let path: String

    /// The mark of the database at `path`.
    init(of path: String) {
        self.path = path + ".unchecked"
    }

    /// Whether the database is to be checked.
    var isSet: Bool { access(path, F_OK) == 0 }

    /// Sets the mark, durably.
    func set() throws(JobStoreError) {
        guard !isSet else { return }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .cannotOpen("cannot write the file \(path): \(lastSystemError())")
        }
        Foundation.close(descriptor)
        try synchronize(file: path)
        try synchronize(folder: (path as NSString).deletingLastPathComponent)
    }

    /// Removes the mark; one that comes back after a power failure costs a check.
    func clear() {
        unlink(path)
    }
}
