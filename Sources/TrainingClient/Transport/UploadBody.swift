import Foundation

/// Content that is read while it is sent, and read again from its start where the request is repeated.
public struct UploadBody: Sendable {
    /// Copies bytes that begin at an offset into a buffer and says how many: fewer than fit at the end
    /// alone; `nil` where they cannot be read, which ends the transfer.
    public typealias Reader =
        @Sendable (_ offset: Int, _ buffer: UnsafeMutableRawBufferPointer) -> Int?

    /// The number of bytes.
    public let count: Int
    let read: Reader

    /// Makes a body of `count` bytes that `read` gives; it is called on the transport's thread and must
    /// not block for long.
    public init(count: Int, read: @escaping Reader) {
        self.count = count
        self.read = read
    }

    /// Makes a body of bytes in memory.
    public init(_ bytes: [UInt8]) {
        self.init(count: bytes.count) { offset, buffer in
            let piece = bytes[offset..<min(bytes.count, offset + buffer.count)]
            buffer.copyBytes(from: piece)
            return piece.count
        }
    }
}
