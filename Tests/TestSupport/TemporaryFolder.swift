package import Foundation

/// A folder of a test's own that goes when the last reference to it does.
package final class TemporaryFolder: Sendable {
    /// Where the folder is.
    package let url: URL

    /// Makes an empty folder under the system's folder for temporary files.
    package init() throws {
        url = FileManager.default.temporaryDirectory
            .appending(path: "lehr-\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        // What cannot be removed stays behind for the system to clean up; no test depends on it.
        try? FileManager.default.removeItem(at: url)
    }
}
