internal import Foundation
internal import HTTP
internal import TrainingAPI

/// Sends a file, or a part of it, as fast as its reader takes it.
///
/// The file stays readable to its end even where its name goes meanwhile.
///
/// `@unchecked`: what changes is used in its `turns` alone once it sends, of which there are never two at
/// once.
final class FileExport: @unchecked Sendable {
    /// The bytes that are read at a time.
    private static let pieceSize = 1 << 18

    /// The file's length in bytes.
    let size: Int
    private let descriptor: Int32
    /// The bytes that are still to be sent.
    private var rest = 0..<0
    private var isDone = false
    private let turns = ExportTurns()

    /// Opens the file at `path`.
    ///
    /// - Throws: `FileStoreError`.
    init(path: String) throws(FileStoreError) {
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw FileStoreError(path: path, operation: "opened", code: errno)
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            let code = errno
            close(descriptor)
            throw FileStoreError(path: path, operation: "inspected", code: code)
        }
        size = Int(status.st_size)
    }

    deinit {
        close(descriptor)
    }

    /// Starts the answer, once; the rest follows as the reader takes it.
    ///
    /// - Parameters:
    ///   - range: The bytes of the file, at most ``size``.
    ///   - status: 200 or 206.
    ///   - fields: What the answer says of them.
    ///   - stream: The answer.
    func send(_ range: Range<Int>, _ status: Status, _ fields: Fields, to stream: ResponseStream) {
        rest = range
        stream.start(status: status, fields: fields, length: range.count)
        // The stream keeps the export, and the export the stream, until the last byte or the reader's
        // leaving.
        stream.onDrain { [self] in wake(stream) }
        stream.onClose { [self] in wake(stream) }
        wake(stream)
    }

    private func wake(_ stream: ResponseStream) {
        turns.wake { [self] in advance(stream) }
    }

    /// Ends the work, and lets go of the stream.
    private func end(_ stream: ResponseStream) {
        isDone = true
        stream.onDrain {}
        stream.onClose {}
    }

    /// Sends a piece; whether the next one may follow at once.
    private func advance(_ stream: ResponseStream) -> Bool {
        guard !isDone else { return false }
        guard stream.isOpen else {
            end(stream)
            return false
        }
        guard !rest.isEmpty else {
            end(stream)
            stream.finish()
            return false
        }
        var piece = [UInt8](repeating: 0, count: min(rest.count, Self.pieceSize))
        let count = pread(descriptor, &piece, piece.count, off_t(rest.lowerBound))
        if count < 0, errno == EINTR { return true }
        // A stream that is let go unfinished breaks the connection, which tells the reader.
        guard count > 0 else {
            end(stream)
            return false
        }
        if count < piece.count { piece.removeLast(piece.count - count) }
        rest = (rest.lowerBound + count)..<rest.upperBound
        return stream.write(piece)
    }
}
