internal import CZlib
internal import Synchronization

/// Bytes as gzip (RFC 1952), piece by piece.
final class GzipEncoder: @unchecked Sendable {
    // Unchecked: `stream` is touched under `lock` alone.

    /// zlib's level of effort: for curves in JSON, level 6 takes five times as long and saves 14 %.
    private static let level: Int32 = 2
    /// The largest window, and zlib's mark for a gzip header and trailer.
    private static let windowBits: Int32 = 15 + 16

    private let lock = Mutex(())
    /// On the heap, since zlib's own state points back to it.
    private let stream: UnsafeMutablePointer<z_stream>

    init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
        let status = deflateInit2_(
            stream,
            Self.level,
            Z_DEFLATED,
            Self.windowBits,
            8,
            Z_DEFAULT_STRATEGY,
            ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size)
        )
        precondition(status == Z_OK, "zlib has no memory")
    }

    deinit {
        deflateEnd(stream)
        stream.deallocate()
    }

    /// A whole body.
    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        GzipEncoder().encode(bytes, isLast: true) { $0 }
    }

    /// Gives the next piece to `send`, encoded so that its reader can decode all of it at once.
    ///
    /// `send` is called under the encoder's lock, so that pieces of several threads keep their order.
    func encode<Result>(
        _ bytes: [UInt8],
        isLast: Bool = false,
        send: ([UInt8]) -> Result
    ) -> Result {
        lock.withLock { _ in send(deflated(bytes, isLast ? Z_FINISH : Z_SYNC_FLUSH)) }
    }

    private func deflated(_ bytes: [UInt8], _ flush: Int32) -> [UInt8] {
        var input = bytes
        return input.withUnsafeMutableBufferPointer { input in
            stream.pointee.next_in = input.baseAddress
            stream.pointee.avail_in = uInt(input.count)
            // The bound is of a stream in one piece; a flush takes a few bytes more.
            let bound = Int(deflateBound(stream, uLong(input.count))) + 32
            return [UInt8](unsafeUninitializedCapacity: bound) { output, count in
                stream.pointee.next_out = output.baseAddress
                stream.pointee.avail_out = uInt(output.count)
                deflate(stream, flush)
                precondition(stream.pointee.avail_in == 0, "zlib's bound was too small")
                count = output.count - Int(stream.pointee.avail_out)
            }
        }
    }
}
