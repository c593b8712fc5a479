import CZlib
import Foundation

/// Writes a gzipped tar.
///
/// Source: POSIX.1-2017, pax, "ustar Interchange Format" and, for long names, "pax Extended Header".
struct TarGzipWriter {
    typealias Failure = CodeArchive.Failure

    private static let blockSize = 512
    private let path: String
    private let file: gzFile

    /// Begins a file.
    init(_ path: String) throws(Failure) {
        self.path = path
        guard let file = gzopen(path, "wb6") else {
            throw Failure(description: "\(path): \(String(cString: strerror(errno)))")
        }
        self.file = file
    }

    /// Adds a folder.
    func addFolder(_ name: String) throws(Failure) {
        try header(name + "/", type: "5", size: 0, mode: 0o755)
    }

    /// Adds a link as it is.
    func addLink(_ name: String, at path: String) throws(Failure) {
        do {
            let target = try FileManager.default.destinationOfSymbolicLink(atPath: path)
            try header(name, type: "2", size: 0, mode: 0o777, target: target)
        } catch let failure as Failure {
            throw failure
        } catch {
            throw Failure(description: "\(path) cannot be read: \(error.localizedDescription)")
        }
    }

    /// Adds a file's content, with whether it may be run.
    func addFile(_ name: String, from path: String) throws(Failure) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
        var facts = stat()
        guard descriptor >= 0, fstat(descriptor, &facts) == 0 else {
            throw Failure(description: "\(path): \(String(cString: strerror(errno)))")
        }
        defer { close(descriptor) }
        let size = Int(facts.st_size)
        try header(name, type: "0", size: size, mode: facts.st_mode & 0o100 == 0 ? 0o644 : 0o755)
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 8)
        defer { buffer.deallocate() }
        var rest = size
        while rest > 0 {
            let count = read(descriptor, buffer.baseAddress, min(rest, buffer.count))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw Failure(description: "\(path) became shorter while it was packed")
            }
            try write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            rest -= count
        }
        try fill(after: size)
    }

    /// Ends the archive.
    func finish() throws(Failure) {
        try write([UInt8](repeating: 0, count: 2 * Self.blockSize))
        guard gzclose(file) == Z_OK else { throw failure }
    }

    private func header(
        _ name: String,
        type: Character,
        size: Int,
        mode: Int,
        target: String = ""
    ) throws(Failure) {
        var records: [(String, String)] = []
        if name.utf8.count > 100 { records.append(("path", name)) }
        if target.utf8.count > 100 { records.append(("linkpath", target)) }
        if size >= 1 << 33 { records.append(("size", "\(size)")) }
        if !records.isEmpty {
            let content = records.map { Self.record($0.0, $0.1) }.joined()
            try write(Self.block("pax", "x", content.utf8.count, 0o644, ""))
            try write(Array(content.utf8))
            try fill(after: content.utf8.count)
        }
        try write(Self.block(name, type, size, mode, target))
    }

    /// `length keyword=value` and a line's end, where the length counts itself.
    private static func record(_ keyword: String, _ value: String) -> String {
        let rest = " \(keyword)=\(value)\n"
        var length = rest.utf8.count
        while "\(length)".utf8.count + rest.utf8.count != length {
            length = "\(length)".utf8.count + rest.utf8.count
        }
        return "\(length)\(rest)"
    }

    private static func block(
        _ name: String,
        _ type: Character,
        _ size: Int,
        _ mode: Int,
        _ target: String
    ) -> [UInt8] {
        var block = [UInt8](repeating: 0, count: blockSize)
        func put(_ text: String, at place: Int, _ limit: Int) {
            for (index, byte) in text.utf8.prefix(limit).enumerated() {
                block[place + index] = byte
            }
        }
        func number(_ number: Int, at place: Int, _ digits: Int) {
            let text = String(number, radix: 8)
            let zeros = String(repeating: "0", count: max(0, digits - text.count))
            put(zeros + text, at: place, digits)
        }
        put(name, at: 0, 100)
        number(mode, at: 100, 7)
        number(0, at: 108, 7)
        number(0, at: 116, 7)
        number(size < 1 << 33 ? size : 0, at: 124, 11)
        number(0, at: 136, 11)
        put("        ", at: 148, 8)
        put(String(type), at: 156, 1)
        put(target, at: 157, 100)
        put("ustar", at: 257, 5)
        put("00", at: 263, 2)
        let sum = block.reduce(0) { $0 + Int($1) }
        number(sum, at: 148, 6)
        block[154] = 0
        return block
    }

    private func fill(after size: Int) throws(Failure) {
        let rest = size % Self.blockSize
        if rest > 0 { try write([UInt8](repeating: 0, count: Self.blockSize - rest)) }
    }

    private func write(_ bytes: [UInt8]) throws(Failure) {
        var isWritten = false
        bytes.withUnsafeBytes { buffer in
            isWritten = gzwrite(file, buffer.baseAddress, UInt32(buffer.count)) == buffer.count
        }
        guard isWritten else { throw failure }
    }

    private func write(_ bytes: UnsafeRawBufferPointer) throws(Failure) {
        guard gzwrite(file, bytes.baseAddress, UInt32(bytes.count)) == bytes.count else {
            throw failure
        }
    }

    private var failure: Failure {
        Failure(description: "\(path) cannot be written: \(String(cString: strerror(errno)))")
    }
}
