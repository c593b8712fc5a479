import CZlib
import Foundation

/// Reads the bytes of a gzipped IDX file of unsigned bytes, from front to back.
///
/// Format: two zero bytes, the element type (8: unsigned byte), the number of dimensions, each
/// dimension as a big-endian 32-bit word, then the elements, the last dimension fastest.
///
/// Source: LeCun, Cortes & Burges, "The MNIST database of handwritten digits", file formats.
final class IDXReader {
    private let path: String
    private let file: gzFile

    /// Opens `path` and checks that it holds bytes of `shape`.
    ///
    /// `remedy` says how to get the file where it is missing.
    init(path: String, shape: [Int], remedy: String) throws(DatasetError) {
        guard let file = gzopen(path, "rbe") else {
            guard errno == ENOENT else { throw .system("open", path) }
            throw .missing(path: path, remedy: remedy)
        }
        self.path = path
        self.file = file
        gzbuffer(file, 1 << 17)
        let expected: [UInt8] =
            [0, 0, 8, UInt8(shape.count)]
            + shape.flatMap { size in
                stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: size >> $0) }
            }
        // From here on `deinit` closes the file, also where this throws.
        let head = try next(expected.count)
        guard head == expected else {
            throw .malformed(
                path: path,
                detail: "expected the heading of IDX bytes \(shape), got \(head)"
            )
        }
    }

    deinit {
        gzclose_r(file)
    }

    /// The next `count` elements.
    func next(_ count: Int) throws(DatasetError) -> [UInt8] {
        var read: Int32 = 0
        let elements = [UInt8](unsafeUninitializedCapacity: count) { bytes, initialized in
            read = gzread(file, bytes.baseAddress, UInt32(count))
            initialized = max(0, Int(read))
        }
        guard read >= 0 else { throw failure }
        guard elements.count == count else {
            let end = gztell(file)
            throw .malformed(path: path, detail: "truncated: it ends after \(end) bytes, unpacked")
        }
        return elements
    }

    /// Checks that no element is left and that the file's checksum holds.
    func expectEnd() throws(DatasetError) {
        var byte: UInt8 = 0
        let count = gzread(file, &byte, 1)
        guard count >= 0 else { throw failure }
        guard count == 0 else {
            throw .malformed(path: path, detail: "more elements than its heading says")
        }
    }

    private var failure: DatasetError {
        var code: Int32 = 0
        let message = gzerror(file, &code).map { String(cString: $0) } ?? "code \(code)"
        return .malformed(path: path, detail: "cannot be unpacked: \(message)")
    }
}
