import CZlib

/// Unpacks deflated bytes piece by piece, however much they unpack to.
struct Inflater: ~Copyable {
    /// How the bytes are wrapped.
    enum Wrapping: Int32 {
        /// Bare deflate, as in a zip archive.
        case none = -15
        /// gzip, of which several may follow each other.
        case gzip = 31
    }

    /// Stays where it is: zlib keeps its address.
    private let stream: UnsafeMutablePointer<z_stream>
    private let source: UnsafeRawBufferPointer
    private let wrapping: Wrapping
    private var position = 0
    private var isOver = false

    /// Begins with the bytes of `source`, which must outlive this value.
    init(_ source: UnsafeRawBufferPointer, _ wrapping: Wrapping) throws(ArchiveFault) {
        self.source = source
        self.wrapping = wrapping
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let size = Int32(MemoryLayout<z_stream>.size)
        guard inflateInit2_(stream, wrapping.rawValue, ZLIB_VERSION, size) == Z_OK else {
            throw ArchiveFault("there is no memory to unpack it", code: .place)
        }
    }

    deinit {
        inflateEnd(stream)
        stream.deallocate()
    }

    /// Fills a buffer with the next bytes; returns fewer than fit only at the end.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(ArchiveFault) -> Int {
        var filled = 0
        while filled < buffer.count, !isOver {
            if stream.pointee.avail_in == 0 { feed() }
            let room = min(buffer.count - filled, 1 << 30)
            let start = buffer.baseAddress.map { $0 + filled }
            stream.pointee.next_out = start?.assumingMemoryBound(to: UInt8.self)
            stream.pointee.avail_out = UInt32(room)
            let hadInput = stream.pointee.avail_in > 0
            let code = inflate(stream, Z_NO_FLUSH)
            filled += room - Int(stream.pointee.avail_out)
            switch code {
            case Z_OK: break
            case Z_STREAM_END: try endMember()
            case Z_BUF_ERROR where hadInput || position < source.count: break
            case Z_BUF_ERROR: throw ArchiveFault("the archive is truncated")
            default: throw ArchiveFault("the archive is damaged: it cannot be unpacked")
            }
        }
        return filled
    }

    /// Reads what is left, so that its checksum is compared.
    ///
    /// - Throws: `ArchiveFault` for more than `limit` bytes.
    mutating func drain(upTo limit: Int) throws(ArchiveFault) {
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 8)
        defer { buffer.deallocate() }
        var count = 0
        while case let more = try read(into: buffer), more > 0 {
            count += more
            guard count <= limit else { throw ArchiveFault("more follows the end of the archive") }
        }
    }

    private mutating func feed() {
        let count = min(1 << 20, source.count - position)
        let start = source.baseAddress.map { $0 + position }
        // zlib does not write to its input.
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: start?.assumingMemoryBound(to: UInt8.self)
        )
        stream.pointee.avail_in = UInt32(count)
        position += count
    }

    /// Goes on with the next gzip member, where there is one.
    private mutating func endMember() throws(ArchiveFault) {
        let next = position - Int(stream.pointee.avail_in)
        guard wrapping == .gzip, next + 2 <= source.count, source[next] == 0x1F,
            source[next + 1] == 0x8B
        else {
            isOver = true
            return
        }
        guard inflateReset(stream) == Z_OK else {
            throw ArchiveFault("the archive is damaged: it cannot be unpacked")
        }
    }
}
