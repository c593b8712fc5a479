internal import Dispatch
internal import Foundation
internal import HTTP
internal import TrainingAPI

/// Sends a file as fast as its reader takes it.
///
/// The file stays readable to its end even where its name goes meanwhile. Confined to `queue`, but for
/// the stream's callbacks, which only add work to it.
final class FileExport: @unchecked Sendable {
    private static let queue = DispatchQueue(label: "lehr.files")
    /// The bytes that are read at a time.
    private static let pieceSize = 1 << 18

    private let descriptor: Int32
    private let stream: ResponseStream
    private var isDone = false

    /// Opens the file at `path`.
    ///
    /// - Throws: `FileStoreError`.
    init(path: String, stream: ResponseStream) throws(FileStoreError) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        self.stream = stream
        guard descriptor >= 0 else {
            throw FileStoreError(path: path, operation: "opened", code: errno)
        }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Starts the answer; the rest follows as the reader takes it.
    func begin(fields: Fields) {
        stream.start(status: .ok, fields: fields)
        // The stream keeps the export, and the export the stream, until the last byte or the reader's
        // leaving.
        stream.onDrain { [self] in Self.queue.async { self.send() } }
        stream.onClose { [self] in Self.queue.async { self.end() } }
        Self.queue.async { self.send() }
    }

    /// Ends the work, and lets go of the stream.
    private func end() {
        isDone = true
        stream.onDrain {}
    }

    private func send() {
        dispatchPrecondition(condition: .onQueue(Self.queue))
        while !isDone {
            var piece = [UInt8](repeating: 0, count: Self.pieceSize)
            let count = read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                end()
                // A stream that is let go unfinished breaks the connection, which tells the reader.
                if count == 0 { stream.finish() }
                return
            }
            if count < piece.count { piece.removeLast(piece.count - count) }
            guard stream.write(piece) else { return }
        }
    }
}
