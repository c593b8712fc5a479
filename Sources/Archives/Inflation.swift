import CZlib

/// Unpacks deflated bytes in memory.
package enum Inflation {
    /// The `size` bytes that `packed` unpacks to; nil where it unpacks to fewer, more, or not at all.
    ///
    /// `windowBits` is zlib's: -15 for bare deflate, 31 for gzip.
    package static func unpack(
        _ packed: UnsafeRawBufferPointer,
        size: Int,
        windowBits: Int32
    ) -> [UInt8]? {
        guard let unpacked = unpack(packed, atMost: size, windowBits: windowBits),
            unpacked.count == size
        else { return nil }
        return unpacked
    }

    /// What `packed` unpacks to; nil where that is more than `limit`, or where it is damaged.
    package static func unpack(
        _ packed: UnsafeRawBufferPointer,
        atMost limit: Int,
        windowBits: Int32
    ) -> [UInt8]? {
        var stream = z_stream()
        let size = Int32(MemoryLayout<z_stream>.size)
        guard inflateInit2_(&stream, windowBits, ZLIB_VERSION, size) == Z_OK else { return nil }
        defer { inflateEnd(&stream) }
        var output: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 1 << 18)
        var position = 0
        while true {
            if stream.avail_in == 0, position < packed.count {
                let count = min(1 << 20, packed.count - position)
                let start = packed.baseAddress.map { $0 + position }
                stream.next_in = UnsafeMutablePointer(
                    mutating: start?.assumingMemoryBound(to: UInt8.self)
                )
                stream.avail_in = UInt32(count)
                position += count
            }
            let code = piece.withUnsafeMutableBufferPointer { piece in
                stream.next_out = piece.baseAddress
                stream.avail_out = UInt32(piece.count)
                return inflate(&stream, Z_NO_FLUSH)
            }
            output += piece[..<(piece.count - Int(stream.avail_out))]
            guard output.count <= limit, code == Z_OK || code == Z_STREAM_END else { return nil }
            if code == Z_STREAM_END { return output }
            if stream.avail_in == 0, position == packed.count, stream.avail_out > 0 { return nil }
        }
    }
}
