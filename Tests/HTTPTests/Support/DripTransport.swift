import Glibc
import HTTP

/// A transport that reads and writes a few bytes at a time, whatever the kernel has.
final class DripTransport: Transport {
    let descriptor: Int32
    let wantsRead = false
    let wantsWrite = false
    let pendingBytes = 0
    private let limit: Int

    init(descriptor: Int32, limit: Int) {
        self.descriptor = descriptor
        self.limit = limit
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> TransportResult {
        let count = recv(descriptor, buffer.baseAddress, min(limit, buffer.count), 0)
        if count > 0 { return .bytes(count) }
        if count == 0 { return .ended }
        return errno == EAGAIN ? .wouldBlock : .failed(errno)
    }

    func write(_ bytes: UnsafeRawBufferPointer) -> TransportResult {
        let count = send(
            descriptor,
            bytes.baseAddress,
            min(limit, bytes.count),
            Int32(Glibc.MSG_NOSIGNAL)
        )
        if count > 0 { return .bytes(count) }
        return errno == EAGAIN ? .wouldBlock : .failed(errno)
    }

    func finishWriting() {
        shutdown(descriptor, Int32(SHUT_WR))
    }

    func close() {
        Glibc.close(descriptor)
    }
}
