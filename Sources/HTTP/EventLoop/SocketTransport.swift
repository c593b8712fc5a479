import Glibc

/// Plain TCP.
final class SocketTransport: Transport {
    let descriptor: Int32
    let wantsRead = false
    let wantsWrite = false
    let pendingBytes = 0

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> TransportResult {
        while true {
            let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            if count > 0 { return .bytes(count) }
            if count == 0 { return .ended }
            if errno != EINTR { return Self.failure(errno) }
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer) -> TransportResult {
        while true {
            let count = send(descriptor, bytes.baseAddress, bytes.count, Int32(Glibc.MSG_NOSIGNAL))
            if count >= 0 { return .bytes(count) }
            if errno != EINTR { return Self.failure(errno) }
        }
    }

    func finishWriting() {
        // A failure means that the peer is gone, which the next read tells.
        _ = shutdown(descriptor, Int32(SHUT_WR))
    }

    func close() {
        // Linux frees the descriptor whatever close answers.
        _ = Glibc.close(descriptor)
    }

    private static func failure(_ code: Int32) -> TransportResult {
        code == EAGAIN || code == EWOULDBLOCK ? .wouldBlock : .failed(code)
    }
}
