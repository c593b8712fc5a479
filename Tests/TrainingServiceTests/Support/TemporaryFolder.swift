import Foundation

/// A folder of a test's own, removed with this object.
final class TemporaryFolder: Sendable {
    let path = FileManager.default.temporaryDirectory
        .appending(path: "lehr-service-\(UUID().uuidString)").path

    deinit {
        // The folder is the test's own, and what remains of it harms nobody.
        try? FileManager.default.removeItem(atPath: path)
    }
}
