internal import COpenSSL
internal import Glibc
internal import HTTP

/// TLS over one connection, by OpenSSL.
///
/// The handshake happens within the first reads. A client that speaks plain HTTP is told so in plain
/// HTTP, since it would not understand anything else.
final class TLSTransport: Transport {
    let descriptor: Int32
    private(set) var wantsRead = false
    private(set) var wantsWrite = false
    private(set) var isOpening = true
    /// nil where there was no memory for it: every call then fails.
    private let session: OpaquePointer?
    /// Whether OpenSSL found the session broken; it must not be asked to end in order then.
    private var isBroken = false

    init(descriptor: Int32, session: OpaquePointer?) {
        self.descriptor = descriptor
        self.session = session
        guard let session else { return }
        SSL_set_fd(session, descriptor)
        SSL_set_accept_state(session)
    }

    deinit {
        SSL_free(session)
    }

    var pendingBytes: Int { session.map { Int(SSL_pending($0)) } ?? 0 }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> TransportResult {
        guard let session, !isBroken else { return .failed(EPIPE) }
        var count = 0
        // Errors of other sessions must not be taken for one of this.
        ERR_clear_error()
        let result = SSL_read_ex(session, buffer.baseAddress, buffer.count, &count)
        return outcome(result, count, of: session)
    }

    func write(_ bytes: UnsafeRawBufferPointer) -> TransportResult {
        guard let session, !isBroken else { return .failed(EPIPE) }
        var count = 0
        ERR_clear_error()
        let result = SSL_write_ex(session, bytes.baseAddress, bytes.count, &count)
        return outcome(result, count, of: session)
    }

    func finishWriting() {
        guard let session, !isBroken else { return }
        if SSL_is_init_finished(session) == 1 {
            ERR_clear_error()
            // close_notify is a courtesy; where the socket is full, the end of the stream follows.
            _ = SSL_shutdown(session)
        }
        _ = shutdown(descriptor, Int32(SHUT_WR))
    }

    func close() {
        _ = Glibc.close(descriptor)
    }

    private func outcome(
        _ result: Int32,
        _ count: Int,
        of session: OpaquePointer
    ) -> TransportResult {
        wantsRead = false
        wantsWrite = false
        if isOpening, SSL_is_init_finished(session) == 1 { isOpening = false }
        guard result <= 0 else { return .bytes(count) }
        switch SSL_get_error(session, result) {
        case SSL_ERROR_WANT_READ:
            wantsRead = true
            return .wouldBlock
        case SSL_ERROR_WANT_WRITE:
            wantsWrite = true
            return .wouldBlock
        case SSL_ERROR_ZERO_RETURN:
            return .ended
        default:
            isBroken = true
            if copenssl_is_plain_http(ERR_peek_error()) == 1 { answerPlainHTTP() }
            return .failed(EPROTO)
        }
    }

    private func answerPlainHTTP() {
        let text = "this port speaks HTTPS; write https:// in place of http://\n"
        let answer =
            "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n"
            + "Content-Length: \(text.utf8.count)\r\nConnection: close\r\n\r\n\(text)"
        // What the socket does not take at once is not worth waiting for.
        _ = Array(answer.utf8).withUnsafeBytes {
            send(descriptor, $0.baseAddress, $0.count, Int32(Glibc.MSG_NOSIGNAL))
        }
        _ = shutdown(descriptor, Int32(SHUT_WR))
    }
}
