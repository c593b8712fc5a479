import Foundation
import TrainingClient

/// A file that is written from an answer: whole under its name, or not at all.
struct OutputFile {
    /// Why the file could not be written.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Where the file goes.
    let path: String

    /// Makes the file of a path; ``write(_:)`` writes it.
    init(_ path: String) {
        self.path = path
    }

    /// Writes what comes, in folders that are made where they are missing.
    func write(_ body: ResponseBody) async throws {
        let target = URL(filePath: path)
        let partial = target.appendingPathExtension("partial")
        do {
            try FileManager.default.createDirectory(
                at: target.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data().write(to: partial)
            let handle = try FileHandle(forWritingTo: partial)
            for try await piece in body { try handle.write(contentsOf: Data(piece)) }
            try handle.synchronize()
            try handle.close()
        } catch let error as ClientError {
            try? FileManager.default.removeItem(at: partial)  // What is left of it harms nobody.
            throw error
        } catch {
            try? FileManager.default.removeItem(at: partial)  // What is left of it harms nobody.
            throw Failure(description: "\(path) cannot be written: \(error.localizedDescription)")
        }
        guard rename(partial.path, target.path) == 0 else {
            throw Failure(
                description: "\(path) cannot be written: \(String(cString: strerror(errno)))"
            )
        }
    }
}
