internal import Crypto
internal import Datasets
internal import Foundation

/// A file that a ``FileFetch`` fills, hashed as it is written.
///
/// It is locked as a ``PartialFile`` for as long as this lives.
///
/// `@unchecked`: its calls block and come from the ``FileQueue`` alone, one after the other.
final class FetchedFile: @unchecked Sendable {
    /// Where it lies.
    let path: String
    private var size = 0
    private var hash = SHA256()
    private var descriptor: Int32 = -1

    /// Makes the object of a file at `path`, which nothing else is written to; ``begin()`` makes the file.
    init(path: String) {
        self.path = path
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Empties the file, which is made with its folder where it is not there.
    func begin() throws(FileFetch.Failure) {
        if descriptor < 0 { try create() }
        guard ftruncate(descriptor, 0) == 0 else { throw .file(reason("empty")) }
        size = 0
        hash = SHA256()
    }

    /// Writes a piece behind what is there.
    func append(_ piece: [UInt8]) throws(FileFetch.Failure) {
        var done = 0
        while done < piece.count {
            let count = piece.withUnsafeBytes {
                pwrite(
                    descriptor,
                    $0.baseAddress.map { $0 + done },
                    $0.count - done,
                    off_t(size + done)
                )
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .file(reason("write")) }
            done += count
        }
        hash.update(data: piece)
        size += piece.count
    }

    /// What is there.
    func content() -> FileFetch.Content {
        let text = hash.finalize().map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
        return FileFetch.Content(hash: text, size: size)
    }

    private func create() throws(FileFetch.Failure) {
        let folder = URL(filePath: path).deletingLastPathComponent().path
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true
            )
        } catch {
            throw .file("cannot make \(folder): \(error.localizedDescription)")
        }
        do {
            descriptor = try PartialFile.create(path, permissions: 0o600)
        } catch {
            throw .file("\(error)")
        }
    }

    private func reason(_ operation: String) -> String {
        "cannot \(operation) \(path): \(String(cString: strerror(errno)))"
    }
}
