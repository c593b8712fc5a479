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

    /// Makes the file of a path; ``write(from:_:)`` writes it.
    init(_ path: String) {
        self.path = path
    }

    /// Writes what a server sends, in folders that are made where they are missing; where the connection
    /// breaks, the rest alone is asked for.
    ///
    /// - Parameters:
    ///   - client: The server.
    ///   - ask: Asks it for the bytes, from an offset on.
    /// - Throws: `ClientError`; `Failure`.
    func write(
        from client: LehrClient,
        _ ask: (_ from: FileOffset?) async throws(ClientError) -> FileContent
    ) async throws {
        let target = URL(filePath: path)
        let partial = target.appendingPathExtension("partial")
        do {
            try FileManager.default.createDirectory(
                at: target.deletingLastPathComponent(),
                withIntermediateDirectories: true
            )
            try Data().write(to: partial)
            let handle = try FileHandle(forWritingTo: partial)
            var sink = Sink(handle: handle)
            try await client.download(into: &sink, ask)
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

extension OutputFile {
    /// The file while it is written.
    private struct Sink: DownloadSink {
        let handle: FileHandle

        func begin() throws {
            try handle.truncate(atOffset: 0)
        }

        func append(_ piece: [UInt8]) throws {
            try handle.write(contentsOf: Data(piece))
        }
    }
}
